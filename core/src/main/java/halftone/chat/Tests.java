package halftone.chat;

import java.util.Locale;

/// What may stand behind `is`.
record Tests(Operators operators) {
  private static final String KNOWN =
      "defined, undefined, none, true, false, boolean, string, number, integer, float, mapping,"
          + " sequence, iterable, callable, even, odd, divisibleby, eq, ne, lt, gt, le, ge, in,"
          + " lower, upper";

  boolean holds(String test, Value value, Arguments arguments) {
    return switch (test) {
      case "defined" -> !(value instanceof Value.Undefined);
      case "undefined" -> value instanceof Value.Undefined;
      case "none" -> value instanceof Value.None;
      case "true" -> value instanceof Value.Truth(boolean holds) && holds;
      case "false" -> value instanceof Value.Truth(boolean holds) && !holds;
      case "boolean" -> value instanceof Value.Truth;
      case "string" -> value instanceof Value.Text;
      case "number" -> Operators.isNumber(value);
      case "integer" -> value instanceof Value.Whole;
      case "float" -> value instanceof Value.Real;
      case "mapping" -> value instanceof Value.Mapping;
      case "sequence", "iterable" ->
          value instanceof Value.Sequence
              || value instanceof Value.Mapping
              || value instanceof Value.Text
              || value instanceof Value.Undefined;
      case "callable" -> value instanceof Value.Function;
      case "even" -> remainder(value, 2) == 0;
      case "odd" -> remainder(value, 2) == 1;
      case "divisibleby" -> remainder(value, arguments.whole(0, "num", 0)) == 0;
      case "in" -> operators.contains(arguments.require(0, "seq"), value);
      case "lower" ->
          value instanceof Value.Text(String text) && text.equals(text.toLowerCase(Locale.ROOT));
      case "upper" ->
          value instanceof Value.Text(String text) && text.equals(text.toUpperCase(Locale.ROOT));
      default ->
          operators.apply(operator(test), value, arguments.get(0, "other", Value.NONE)).isTrue();
    };
  }

  private static String operator(String test) {
    return switch (test) {
      case "eq", "equalto", "sameas" -> "==";
      case "ne" -> "!=";
      case "lt", "lessthan" -> "<";
      case "gt", "greaterthan" -> ">";
      case "le" -> "<=";
      case "ge" -> ">=";
      default -> throw new TemplateException("test \"" + test + "\"; known are " + KNOWN);
    };
  }

  private static long remainder(Value value, long by) {
    if (value instanceof Value.Whole(long number) && by != 0) {
      return Math.floorMod(number, by);
    }
    throw new TemplateException("the remainder of " + value.type() + " by " + by);
  }
}
