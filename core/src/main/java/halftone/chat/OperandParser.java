package halftone.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what stands between operators: a value with its sign and what hangs on it: members, calls,
/// filters, tests.
final class OperandParser {
  /// Names behind `is test` that are no argument of the test.
  private static final Set<String> AFTER_TEST =
      Set.of("else", "or", "and", "is", "if", "in", "not");

  private final Words words;
  private final ExpressionParser expressions;

  /// @param expressions reads what stands in brackets
  OperandParser(Words words, ExpressionParser expressions) {
    this.words = words;
    this.expressions = expressions;
  }

  /// A filter behind a negative number is the number's with its sign.
  Expression signed(boolean filtered) {
    words.enter();
    Expression value;
    if (words.takeOperator("-")) {
      value = new Expression.Negative(signed(false));
    } else if (words.takeOperator("+")) {
      value = signed(false);
    } else {
      value = members(primary());
    }
    words.leave();
    return filtered ? filters(value) : value;
  }

  private Expression primary() {
    Lexeme word = words.take();
    return switch (word.kind()) {
      case NAME -> named(word.text());
      case STRING -> new Expression.Literal(new Value.Text(strings(word.text())));
      case NUMBER -> new Expression.Literal(number(word));
      case OPERATOR -> bracketed(word);
      default ->
          throw new TemplateException(word.line(), word.shown() + " where a value should stand");
    };
  }

  private static Expression named(String name) {
    return switch (name) {
      case "true", "True" -> new Expression.Literal(new Value.Truth(true));
      case "false", "False" -> new Expression.Literal(new Value.Truth(false));
      case "none", "None" -> new Expression.Literal(Value.NONE);
      default -> new Expression.Name(name);
    };
  }

  /// Strings side by side are one.
  private String strings(String first) {
    StringBuilder text = new StringBuilder(first);
    while (words.peek().kind() == Lexeme.Kind.STRING) {
      text.append(words.take().text());
    }
    return text.toString();
  }

  private static Value number(Lexeme word) {
    try {
      return word.text().matches(".*[.eE].*")
          ? new Value.Real(Double.parseDouble(word.text()))
          : new Value.Whole(Long.parseLong(word.text()));
    } catch (NumberFormatException tooLong) {
      throw new TemplateException(word.line(), "a number of more than 64 bits");
    }
  }

  private Expression bracketed(Lexeme word) {
    return switch (word.text()) {
      case "(" -> parenthesised();
      case "[" -> new Expression.ListOf(items("]"), false);
      case "{" -> mapping();
      default ->
          throw new TemplateException(word.line(), word.shown() + " where a value should stand");
    };
  }

  private Expression parenthesised() {
    if (words.takeOperator(")")) {
      return new Expression.ListOf(List.of(), true);
    }
    Expression inside = expressions.tuple();
    words.requireOperator(")");
    return inside;
  }

  private List<Expression> items(String end) {
    List<Expression> items = new ArrayList<>();
    while (!words.takeOperator(end)) {
      items.add(expressions.expression());
      if (!words.isOperator(end)) {
        words.requireOperator(",");
      }
    }
    return items;
  }

  private Expression mapping() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!words.takeOperator("}")) {
      keys.add(expressions.expression());
      words.requireOperator(":");
      values.add(expressions.expression());
      if (!words.isOperator("}")) {
        words.requireOperator(",");
      }
    }
    return new Expression.MapOf(keys, values);
  }

  private Expression members(Expression subject) {
    Expression value = subject;
    while (true) {
      if (words.takeOperator(".")) {
        boolean number = words.peek().kind() == Lexeme.Kind.NUMBER;
        value =
            number
                ? new Expression.Item(value, new Expression.Literal(number(words.take())))
                : new Expression.Attribute(value, words.requireAnyName());
      } else if (words.takeOperator("[")) {
        value = subscript(value);
      } else if (words.takeOperator("(")) {
        value = new Expression.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expression subscript(Expression subject) {
    @Nullable Expression first = words.isOperator(":") ? null : expressions.tuple();
    if (first != null && words.takeOperator("]")) {
      return new Expression.Item(subject, first);
    }
    words.requireOperator(":");
    @Nullable Expression to = bound();
    @Nullable Expression step = words.takeOperator(":") ? bound() : null;
    words.requireOperator("]");
    return new Expression.Slice(subject, first, to, step);
  }

  private @Nullable Expression bound() {
    return words.isOperator(":") || words.isOperator("]") ? null : expressions.expression();
  }

  private Expression.ArgumentList arguments() {
    List<Expression> positional = new ArrayList<>();
    LinkedHashMap<String, Expression> named = new LinkedHashMap<>();
    while (!words.takeOperator(")")) {
      if (words.peek().kind() == Lexeme.Kind.NAME && words.isOperatorBehind("=")) {
        String name = words.requireAnyName();
        words.requireOperator("=");
        named.put(name, expressions.expression());
      } else {
        positional.add(expressions.expression());
      }
      if (!words.isOperator(")")) {
        words.requireOperator(",");
      }
    }
    return new Expression.ArgumentList(positional, named);
  }

  private Expression filters(Expression subject) {
    Expression value = subject;
    while (true) {
      if (words.takeOperator("|")) {
        String filter = words.requireAnyName();
        value = new Expression.Filtered(value, filter, optionalArguments());
      } else if (words.takeName("is")) {
        value = test(value);
      } else if (words.takeOperator("(")) {
        value = new Expression.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expression.ArgumentList optionalArguments() {
    return words.takeOperator("(") ? arguments() : Expression.ArgumentList.EMPTY;
  }

  private Expression test(Expression subject) {
    boolean not = words.takeName("not");
    String test = words.requireAnyName();
    Expression.ArgumentList arguments = optionalArguments();
    if (arguments == Expression.ArgumentList.EMPTY && startsTestArgument()) {
      arguments = new Expression.ArgumentList(List.of(members(primary())), new LinkedHashMap<>());
    }
    Expression tested = new Expression.Tested(subject, test, arguments);
    return not ? new Expression.Not(tested) : tested;
  }

  private boolean startsTestArgument() {
    Lexeme word = words.peek();
    return switch (word.kind()) {
      case NAME -> !AFTER_TEST.contains(word.text());
      case STRING, NUMBER -> true;
      case OPERATOR -> word.text().equals("[") || word.text().equals("{");
      default -> false;
    };
  }
}
