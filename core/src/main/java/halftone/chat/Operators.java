package halftone.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Arithmetic, comparison and membership, as Python has them.
///
/// @param budget pays for what they make and look at
record Operators(Budget budget) {
  Value apply(String operator, Value left, Value right) {
    return switch (operator) {
      case "==" -> new Value.Truth(equal(left, right));
      case "!=" -> new Value.Truth(!equal(left, right));
      case "<", ">", "<=", ">=" -> new Value.Truth(ordered(operator, left, right));
      case "in" -> new Value.Truth(contains(right, left));
      case "~" -> joined(left, right);
      case "+" -> sum(left, right);
      case "*" -> product(left, right);
      default -> arithmetic(operator, left, right);
    };
  }

  boolean equal(Value left, Value right) {
    budget.enter();
    boolean equal = equalWithin(left, right);
    budget.leave();
    return equal;
  }

  private boolean equalWithin(Value left, Value right) {
    if (isNumber(left) && isNumber(right)) {
      return number(left) == number(right);
    }
    return switch (left) {
      case Value.Text(String text) ->
          right instanceof Value.Text(String other) && equal(text, other);
      case Value.Undefined _ -> right instanceof Value.Undefined;
      case Value.Sequence(List<Value> items, boolean _) ->
          right instanceof Value.Sequence(List<Value> others, boolean _) && equal(items, others);
      case Value.Mapping(SequencedMap<Value, Value> entries) ->
          right instanceof Value.Mapping(SequencedMap<Value, Value> others)
              && entries.keySet().equals(others.keySet())
              && entries.entrySet().stream()
                  .allMatch(each -> equal(each.getValue(), value(others, each)));
      case Value.Namespace _, Value.Function _ -> left == right;
      default -> left.equals(right);
    };
  }

  private boolean equal(String left, String right) {
    budget.look(Math.min(left.length(), right.length()));
    return left.equals(right);
  }

  private static Value value(Map<Value, Value> others, Map.Entry<Value, Value> each) {
    return others.getOrDefault(each.getKey(), Value.NONE);
  }

  private boolean equal(List<Value> left, List<Value> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!equal(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// Below zero when the left comes first.
  int compare(Value left, Value right) {
    if (isNumber(left) && isNumber(right)) {
      return Double.compare(number(left), number(right));
    }
    if (left instanceof Value.Text(String text) && right instanceof Value.Text(String other)) {
      budget.look(Math.min(text.length(), other.length()));
      return text.compareTo(other);
    }
    throw new TemplateException("a comparison of " + left.type() + " and " + right.type());
  }

  private boolean ordered(String operator, Value left, Value right) {
    int order = compare(left, right);
    return switch (operator) {
      case "<" -> order < 0;
      case ">" -> order > 0;
      case "<=" -> order <= 0;
      default -> order >= 0;
    };
  }

  boolean contains(Value container, Value value) {
    return switch (container) {
      case Value.Text(String text) when value instanceof Value.Text(String part) -> {
        budget.search(text, part);
        yield text.contains(part);
      }
      case Value.Sequence(List<Value> items, boolean _) ->
          items.stream().anyMatch(item -> equal(item, value));
      case Value.Mapping(SequencedMap<Value, Value> entries) -> entries.containsKey(value.asKey());
      case Value.Undefined _ -> false;
      default -> throw new TemplateException(value.type() + " in a " + container.type());
    };
  }

  private Value joined(Value left, Value right) {
    PythonText text = new PythonText(budget);
    return text(text.shown(left), text.shown(right));
  }

  private Value text(String left, String right) {
    budget.make((long) left.length() + right.length());
    return new Value.Text(left + right);
  }

  private Value sum(Value left, Value right) {
    if (left instanceof Value.Text(String text) && right instanceof Value.Text(String other)) {
      return text(text, other);
    }
    if (left instanceof Value.Sequence(List<Value> items, boolean fixed)
        && right instanceof Value.Sequence(List<Value> others, boolean _)) {
      budget.makeElements((long) items.size() + others.size());
      List<Value> all = new ArrayList<>(items);
      all.addAll(others);
      return new Value.Sequence(all, fixed);
    }
    return arithmetic("+", left, right);
  }

  private Value product(Value left, Value right) {
    if (left instanceof Value.Text(String text) && right instanceof Value.Whole(long times)) {
      long count = Math.clamp(times, 0, 1L << 31);
      budget.make(text.length() * count);
      return new Value.Text(text.repeat((int) count));
    }
    return arithmetic("*", left, right);
  }

  private static Value arithmetic(String operator, Value left, Value right) {
    if (!isNumber(left) || !isNumber(right)) {
      throw new TemplateException(
          "operator %s between %s and %s".formatted(operator, left.type(), right.type()));
    }
    boolean whole = !(left instanceof Value.Real) && !(right instanceof Value.Real);
    try {
      return whole && !operator.equals("/")
          ? new Value.Whole(whole(operator, whole(left), whole(right)))
          : new Value.Real(real(operator, number(left), number(right)));
    } catch (ArithmeticException impossible) {
      throw new TemplateException("operator " + operator + " with a result beyond all numbers");
    }
  }

  private static long whole(String operator, long left, long right) {
    return switch (operator) {
      case "+" -> Math.addExact(left, right);
      case "-" -> Math.subtractExact(left, right);
      case "*" -> Math.multiplyExact(left, right);
      case "//" -> Math.floorDiv(left, right);
      default -> Math.floorMod(left, right);
    };
  }

  private static double real(String operator, double left, double right) {
    if (right == 0 && (operator.startsWith("/") || operator.equals("%"))) {
      throw new ArithmeticException("division by zero");
    }
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      case "//" -> Math.floor(left / right);
      default -> left - right * Math.floor(left / right);
    };
  }

  /// True and false are 1 and 0, as in Python.
  static boolean isNumber(Value value) {
    return value instanceof Value.Whole
        || value instanceof Value.Real
        || value instanceof Value.Truth;
  }

  private static long whole(Value value) {
    return value instanceof Value.Whole(long number) ? number : (long) number(value);
  }

  static double number(Value value) {
    return switch (value) {
      case Value.Whole(long number) -> number;
      case Value.Real(double number) -> number;
      case Value.Truth(boolean holds) -> holds ? 1 : 0;
      default -> throw new TemplateException(value.type() + " where a number should stand");
    };
  }
}
