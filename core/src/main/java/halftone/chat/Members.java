package halftone.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What hangs on a value: its members, items, slices and elements.
///
/// @param budget pays for what is made
record Members(Budget budget) {
  /// `subject.name`: of a mapping's methods and keys, the method.
  Value attribute(Value subject, String name) {
    return switch (subject) {
      case Value.Text(String text) -> method(TextMethods.of(text, name, budget), name);
      case Value.Mapping(SequencedMap<Value, Value> entries) -> {
        Value.@Nullable Function method = MappingMethods.of(entries, name);
        yield method != null ? method : entry(entries, new Value.Text(name));
      }
      case Value.Namespace(Map<String, Value> entries) ->
          entries.getOrDefault(name, new Value.Undefined(name));
      case Value.Undefined _ ->
          throw new TemplateException("member \"" + name + "\" of " + subject.type());
      default -> new Value.Undefined(name);
    };
  }

  private static Value method(Value.@Nullable Function method, String name) {
    return method != null ? method : new Value.Undefined(name);
  }

  private Value entry(Map<Value, Value> entries, Value wanted) {
    Value key = wanted.asKey();
    String name = new PythonText(budget).shown(key);
    return entries.getOrDefault(key, new Value.Undefined(name));
  }

  /// `subject[index]`: a key before a method; what is not there is undefined.
  Value item(Value subject, Value index) {
    return switch (subject) {
      case Value.Mapping(SequencedMap<Value, Value> entries)
          when !(index instanceof Value.Text) || entries.containsKey(index.asKey()) ->
          entry(entries, index);
      case Value.Sequence(List<Value> items, boolean _)
          when index instanceof Value.Whole(long at) ->
          element(items, at);
      case Value.Text _ when index instanceof Value.Whole(long at) ->
          element(elements(subject), at);
      case Value.None _ -> new Value.Undefined("item of none");
      default -> {
        if (!(index instanceof Value.Text(String name))) {
          throw new TemplateException("an item of " + subject.type() + " by " + index.type());
        }
        yield attribute(subject, name);
      }
    };
  }

  private static Value element(List<Value> items, long at) {
    long index = at < 0 ? at + items.size() : at;
    return index >= 0 && index < items.size()
        ? items.get((int) index)
        : new Value.Undefined(String.valueOf(at));
  }

  /// What a loop over the value goes through: items, keys or characters.
  List<Value> elements(Value value) {
    return switch (value) {
      case Value.Sequence(List<Value> items, boolean _) -> items;
      case Value.Mapping(SequencedMap<Value, Value> entries) -> List.copyOf(entries.keySet());
      case Value.Text(String text) -> {
        budget.makeElements(text.length());
        yield text.codePoints()
            .<Value>mapToObj(point -> new Value.Text(Character.toString(point)))
            .toList();
      }
      case Value.Undefined _ -> List.of();
      default -> throw new TemplateException("a loop over " + value.type());
    };
  }

  /// `subject[from:to:step]`, bounds from the end when negative.
  Value slice(Value subject, Value from, Value to, Value step) {
    List<Value> items = elements(subject);
    int by = step instanceof Value.None ? 1 : index(step, Integer.MAX_VALUE);
    if (by == 0) {
      throw new TemplateException("a slice with step 0");
    }
    int size = items.size();
    int first = by > 0 ? 0 : -1;
    int low = bound(from, by > 0 ? 0 : size - 1, first, size + first);
    int high = bound(to, by > 0 ? size : -1, first, size + first);
    List<Value> out = new ArrayList<>();
    for (long i = low; by > 0 ? i < high : i > high; i += by) {
      out.add(items.get((int) i));
    }
    budget.makeElements(out.size());
    return subject instanceof Value.Text ? joined(out) : new Value.Sequence(out);
  }

  private static int bound(Value value, int absent, int least, int most) {
    if (value instanceof Value.None) {
      return absent;
    }
    int at = index(value, Integer.MAX_VALUE / 2);
    return Math.clamp(at < 0 ? at + (long) (most - least) : at, least, most);
  }

  private static int index(Value value, int most) {
    if (value instanceof Value.Whole(long number)) {
      return Math.clamp(number, -most, most);
    }
    throw new TemplateException("a slice bound that is a " + value.type());
  }

  private static Value joined(List<Value> characters) {
    StringBuilder text = new StringBuilder();
    for (Value character : characters) {
      text.append(((Value.Text) character).text());
    }
    return new Value.Text(text.toString());
  }
}
