package halftone.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What an expression is worth where certain names are known.
final class Evaluator {
  private final Budget budget;
  private final Operators operators;
  private final Members members;
  private final Filters filters;
  private final Tests tests;

  Evaluator(Budget budget) {
    this.budget = budget;
    operators = new Operators(budget);
    members = new Members(budget);
    tests = new Tests(operators);
    filters = new Filters(budget, operators, members, tests);
  }

  Value evaluate(Expression expression, Scope scope) {
    budget.enter();
    Value value = within(expression, scope);
    budget.leave();
    return value;
  }

  private Value within(Expression expression, Scope scope) {
    return switch (expression) {
      case Expression.Literal(Value value) -> value;
      case Expression.Name(String name) -> scope.get(name);
      case Expression.ListOf(List<Expression> items, boolean fixed) ->
          new Value.Sequence(all(items, scope), fixed);
      case Expression.MapOf map -> mapping(map, scope);
      case Expression.Attribute(Expression subject, String name) ->
          members.attribute(evaluate(subject, scope), name);
      case Expression.Item(Expression subject, Expression index) ->
          members.item(evaluate(subject, scope), evaluate(index, scope));
      case Expression.Slice slice -> slice(slice, scope);
      case Expression.Call(Expression function, Expression.ArgumentList arguments) ->
          call(evaluate(function, scope), arguments(arguments, scope));
      case Expression.Filtered(
              Expression subject,
              String filter,
              Expression.ArgumentList arguments) ->
          filters.apply(filter, evaluate(subject, scope), arguments(arguments, scope));
      case Expression.Tested(Expression subject, String test, Expression.ArgumentList arguments) ->
          new Value.Truth(tests.holds(test, evaluate(subject, scope), arguments(arguments, scope)));
      case Expression.Not(Expression operand) ->
          new Value.Truth(!evaluate(operand, scope).isTrue());
      case Expression.Negative(Expression operand) ->
          operators.apply("-", new Value.Whole(0), evaluate(operand, scope));
      case Expression.Either either -> either(either, scope);
      case Expression.Binary(String operator, Expression left, Expression right) ->
          operators.apply(operator, evaluate(left, scope), evaluate(right, scope));
      case Expression.Choice(Expression condition, Expression first, @Nullable Expression second) ->
          evaluate(condition, scope).isTrue()
              ? evaluate(first, scope)
              : second == null
                  ? new Value.Undefined("the else of a choice")
                  : evaluate(second, scope);
    };
  }

  List<Value> elements(Value value) {
    return members.elements(value);
  }

  private List<Value> all(List<Expression> expressions, Scope scope) {
    List<Value> values = new ArrayList<>();
    for (Expression each : expressions) {
      values.add(evaluate(each, scope));
    }
    return values;
  }

  private Value mapping(Expression.MapOf map, Scope scope) {
    SequencedMap<Value, Value> entries = new LinkedHashMap<>();
    List<Value> keys = all(map.keys(), scope);
    for (int i = 0; i < keys.size(); i++) {
      entries.put(keys.get(i).asKey(), evaluate(map.values().get(i), scope));
    }
    return new Value.Mapping(entries);
  }

  private Value slice(Expression.Slice slice, Scope scope) {
    return members.slice(
        evaluate(slice.subject(), scope),
        optional(slice.from(), scope),
        optional(slice.to(), scope),
        optional(slice.step(), scope));
  }

  private Value optional(@Nullable Expression expression, Scope scope) {
    return expression == null ? Value.NONE : evaluate(expression, scope);
  }

  /// The operand that decides, as Python has it, not only its truth.
  private Value either(Expression.Either either, Scope scope) {
    Value left = evaluate(either.left(), scope);
    return left.isTrue() == either.and() ? evaluate(either.right(), scope) : left;
  }

  private static Value call(Value function, Arguments arguments) {
    if (function instanceof Value.Function(String _, Value.Function.Body body)) {
      return body.call(arguments);
    }
    throw new TemplateException("a call of " + function.type());
  }

  private Arguments arguments(Expression.ArgumentList list, Scope scope) {
    if (list == Expression.ArgumentList.EMPTY) {
      return Arguments.NO;
    }
    Map<String, Value> named = new LinkedHashMap<>();
    for (Map.Entry<String, Expression> each : list.named().entrySet()) {
      named.put(each.getKey(), evaluate(each.getValue(), scope));
    }
    return new Arguments(all(list.positional(), scope), named);
  }
}
