package halftone.chat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;

/// What may stand behind `|`.
record Filters(Budget budget, Operators operators, Members members, Tests tests) {
  private static final String KNOWN =
      "abs, capitalize, count, default, dictsort, first, float, indent, int, items, join, last,"
          + " length, list, lower, map, max, min, reject, rejectattr, replace, reverse, safe, select,"
          + " selectattr, sort, string, sum, title, tojson, trim, unique, upper";

  private static final Arguments BY_KEY =
      new Arguments(List.of(), Map.of("attribute", new Value.Whole(0)));

  Value apply(String filter, Value value, Arguments arguments) {
    return switch (filter) {
      case "trim" -> method(value, "strip", arguments);
      case "upper", "lower", "title", "capitalize", "replace" -> method(value, filter, arguments);
      case "string", "safe" -> value instanceof Value.Text ? value : text(shown(value));
      case "indent" -> indented(shown(value), arguments);
      case "default", "d" -> withDefault(value, arguments);
      case "tojson" -> json(value, arguments);
      case "int" -> whole(value, arguments);
      case "float" -> real(value, arguments);
      case "abs" ->
          Operators.number(value) < 0 ? operators.apply("-", new Value.Whole(0), value) : value;
      default -> ofElements(filter, value, arguments);
    };
  }

  private Value ofElements(String filter, Value value, Arguments arguments) {
    return switch (filter) {
      case "length", "count" -> new Value.Whole(sized(value).size());
      case "list" -> new Value.Sequence(members.elements(value));
      case "first" -> members.item(new Value.Sequence(members.elements(value)), new Value.Whole(0));
      case "last" -> members.item(new Value.Sequence(members.elements(value)), new Value.Whole(-1));
      case "join" -> joined(value, arguments);
      case "reverse" -> members.slice(value, Value.NONE, Value.NONE, new Value.Whole(-1));
      case "items" -> pairs(value);
      case "dictsort" -> sorted(pairs(value), BY_KEY);
      case "map" -> mapped(value, arguments);
      case "select", "reject" ->
          chosen(value, each -> holds(each, arguments), filter.equals("select"));
      case "selectattr", "rejectattr" ->
          chosen(
              value,
              each -> holds(at(each, arguments.require(0, "attribute")), arguments.from(1)),
              filter.equals("selectattr"));
      case "sort" -> sorted(value, arguments);
      case "unique" -> unique(members.elements(value));
      case "min", "max" -> extreme(members.elements(value), filter.equals("min"));
      case "sum" ->
          members.elements(value).stream()
              .reduce(new Value.Whole(0), (left, right) -> operators.apply("+", left, right));
      default -> throw new TemplateException("filter \"" + filter + "\"; known are " + KNOWN);
    };
  }

  private String shown(Value value) {
    return new PythonText(budget).shown(value);
  }

  private Value text(String text) {
    budget.make(text.length());
    return new Value.Text(text);
  }

  private Value method(Value value, String name, Arguments arguments) {
    Value method = members.attribute(new Value.Text(shown(value)), name);
    return ((Value.Function) method).body().call(arguments);
  }

  private Value indented(String text, Arguments arguments) {
    int width = Math.clamp(arguments.whole(0, "width", 4), 0, 1000);
    boolean first = arguments.get(1, "first", new Value.Truth(false)).isTrue();
    boolean blank = arguments.get(2, "blank", new Value.Truth(false)).isTrue();
    String space = " ".repeat(width);
    StringBuilder out = new StringBuilder();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      boolean indents = i == 0 ? first : blank || !lines[i].isEmpty();
      budget.make((long) lines[i].length() + width);
      out.append(i == 0 ? "" : "\n").append(indents ? space : "").append(lines[i]);
    }
    return new Value.Text(out.toString());
  }

  private static Value withDefault(Value value, Arguments arguments) {
    boolean falsy = arguments.get(1, "boolean", new Value.Truth(false)).isTrue();
    boolean absent = value instanceof Value.Undefined || falsy && !value.isTrue();
    return absent ? arguments.get(0, "default_value", new Value.Text("")) : value;
  }

  private Value json(Value value, Arguments arguments) {
    boolean oneLine = arguments.get(0, "indent", Value.NONE) instanceof Value.None;
    return new Value.Text(Json.of(value, oneLine ? -1 : arguments.whole(0, "indent", -1), budget));
  }

  private static Value whole(Value value, Arguments arguments) {
    if (value instanceof Value.Text(String text)) {
      try {
        return new Value.Whole((long) Double.parseDouble(text.strip()));
      } catch (NumberFormatException none) {
        return arguments.get(0, "default", new Value.Whole(0));
      }
    }
    return Operators.isNumber(value)
        ? new Value.Whole((long) Operators.number(value))
        : arguments.get(0, "default", new Value.Whole(0));
  }

  private static Value real(Value value, Arguments arguments) {
    if (value instanceof Value.Text(String text)) {
      try {
        return new Value.Real(Double.parseDouble(text.strip()));
      } catch (NumberFormatException none) {
        return arguments.get(0, "default", new Value.Real(0));
      }
    }
    return Operators.isNumber(value)
        ? new Value.Real(Operators.number(value))
        : arguments.get(0, "default", new Value.Real(0));
  }

  private List<Value> sized(Value value) {
    if (value instanceof Value.None || Operators.isNumber(value)) {
      throw new TemplateException("the length of " + value.type());
    }
    return members.elements(value);
  }

  private Value joined(Value value, Arguments arguments) {
    Value attribute = arguments.get(1, "attribute", Value.NONE);
    Value elements =
        attribute instanceof Value.None
            ? value
            : new Value.Sequence(
                members.elements(value).stream().map(each -> at(each, attribute)).toList());
    return TextMethods.join(arguments.text(0, "d", ""), elements, budget);
  }

  private static Value pairs(Value value) {
    return switch (value) {
      case Value.Mapping(SequencedMap<Value, Value> entries) -> MappingMethods.pairs(entries);
      case Value.Undefined _ -> new Value.Sequence(List.of());
      default -> throw new TemplateException("the entries of " + value.type());
    };
  }

  /// A member by its name or index, of members with dots between them.
  private Value at(Value value, Value attribute) {
    if (!(attribute instanceof Value.Text(String path))) {
      return members.item(value, attribute);
    }
    Value member = value;
    for (String name : path.split("\\.", -1)) {
      member = members.item(member, new Value.Text(name));
    }
    return member;
  }

  /// None of what is false, whatever it is.
  private List<Value> elementsIfAny(Value value) {
    return value.isTrue() ? members.elements(value) : List.of();
  }

  /// By a filter's name, or a member's.
  private Value mapped(Value value, Arguments arguments) {
    List<Value> out = new ArrayList<>();
    Value attribute = arguments.named().getOrDefault("attribute", Value.NONE);
    for (Value each : elementsIfAny(value)) {
      budget.step();
      if (attribute instanceof Value.None) {
        out.add(apply(arguments.requireText(0, "filter"), each, arguments.from(1)));
      } else {
        Value member = at(each, attribute);
        boolean absent = member instanceof Value.Undefined;
        out.add(absent ? arguments.named().getOrDefault("default", member) : member);
      }
    }
    return new Value.Sequence(out);
  }

  /// Without a test, whether it is true.
  private boolean holds(Value value, Arguments arguments) {
    return arguments.positional().isEmpty()
        ? value.isTrue()
        : tests.holds(arguments.requireText(0, "test"), value, arguments.from(1));
  }

  private Value chosen(Value value, Predicate<Value> test, boolean wanted) {
    List<Value> out = new ArrayList<>();
    for (Value each : elementsIfAny(value)) {
      budget.step();
      if (test.test(each) == wanted) {
        out.add(each);
      }
    }
    return new Value.Sequence(out);
  }

  private Value sorted(Value value, Arguments arguments) {
    Value attribute = arguments.get(2, "attribute", Value.NONE);
    boolean reverse = arguments.get(0, "reverse", new Value.Truth(false)).isTrue();
    boolean exact = arguments.get(1, "case_sensitive", new Value.Truth(false)).isTrue();
    List<Value> out = new ArrayList<>(members.elements(value));
    budget.makeElements(out.size());
    Comparator<Value> order =
        (left, right) -> {
          budget.step();
          return operators.compare(key(left, attribute, exact), key(right, attribute, exact));
        };
    out.sort(reverse ? order.reversed() : order);
    return new Value.Sequence(out);
  }

  private Value key(Value value, Value attribute, boolean exact) {
    Value key = attribute instanceof Value.None ? value : at(value, attribute);
    return key instanceof Value.Text(String text) && !exact
        ? text(text.toLowerCase(Locale.ROOT))
        : key;
  }

  private Value unique(List<Value> values) {
    SequencedMap<String, Value> seen = new LinkedHashMap<>();
    for (Value value : values) {
      String shown = shown(key(value, Value.NONE, false));
      budget.make(shown.length());
      seen.putIfAbsent(value.type() + shown, value);
    }
    return new Value.Sequence(List.copyOf(seen.values()));
  }

  private Value extreme(List<Value> values, boolean least) {
    if (values.isEmpty()) {
      return new Value.Undefined("the extreme of an empty list");
    }
    return values.stream()
        .reduce((left, right) -> operators.compare(right, left) < 0 == least ? right : left)
        .orElseThrow();
  }
}
