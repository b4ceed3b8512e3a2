package halftone.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// An expression of a template.
sealed interface Expression {
  record Literal(Value value) implements Expression {}

  record Name(String name) implements Expression {}

  /// @param fixed whether it is a tuple
  record ListOf(List<Expression> items, boolean fixed) implements Expression {}

  record MapOf(List<Expression> keys, List<Expression> values) implements Expression {}

  /// `subject.name`: a method before a key.
  record Attribute(Expression subject, String name) implements Expression {}

  /// `subject[index]`: a key before a method.
  record Item(Expression subject, Expression index) implements Expression {}

  record Slice(
      Expression subject,
      @Nullable Expression from,
      @Nullable Expression to,
      @Nullable Expression step)
      implements Expression {}

  record Call(Expression function, ArgumentList arguments) implements Expression {}

  record Filtered(Expression subject, String filter, ArgumentList arguments)
      implements Expression {}

  /// `subject is test`.
  record Tested(Expression subject, String test, ArgumentList arguments) implements Expression {}

  record Not(Expression operand) implements Expression {}

  record Negative(Expression operand) implements Expression {}

  /// `and`, `or`: the second operand counts only when the first does not decide.
  record Either(boolean and, Expression left, Expression right) implements Expression {}

  /// Arithmetic, comparison, `~` and `in`.
  record Binary(String operator, Expression left, Expression right) implements Expression {}

  /// `first if condition else second`; without a second it is undefined.
  record Choice(Expression condition, Expression first, @Nullable Expression second)
      implements Expression {}

  /// What stands between the parentheses of a call.
  record ArgumentList(List<Expression> positional, SequencedMap<String, Expression> named) {
    static final ArgumentList EMPTY = new ArgumentList(List.of(), new LinkedHashMap<>());
  }
}
