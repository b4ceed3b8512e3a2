package halftone.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads expressions, the loosest-binding operator first: choice, or, and, not, comparison, sum,
/// `~`, product, sign, and at last a value with what hangs on it: members, calls, filters, tests.
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");

  /// Names behind `is test` that are no argument of the test.
  private static final Set<String> AFTER_TEST =
      Set.of("else", "or", "and", "is", "if", "in", "not");

  private final Words words;

  ExpressionParser(Words words) {
    this.words = words;
  }

  /// An expression, or several with commas between them: a list.
  Expression tuple() {
    Expression first = expression();
    if (!words.isOperator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (words.takeOperator(",") && startsValue()) {
      items.add(expression());
    }
    return new Expression.ListOf(items, true);
  }

  private boolean startsValue() {
    return switch (words.peek().kind()) {
      case NAME, STRING, NUMBER -> true;
      case OPERATOR -> Set.of("(", "[", "{", "-", "+").contains(words.peek().text());
      default -> false;
    };
  }

  Expression expression() {
    words.enter();
    Expression value = withoutChoice();
    while (words.takeName("if")) {
      Expression condition = withoutChoice();
      value = new Expression.Choice(condition, value, words.takeName("else") ? expression() : null);
    }
    words.leave();
    return value;
  }

  /// What `for` goes through: an `if` behind it is the loop's.
  Expression withoutChoice() {
    Expression left = conjunction();
    while (words.takeName("or")) {
      left = new Expression.Either(false, left, conjunction());
    }
    return left;
  }

  private Expression conjunction() {
    Expression left = negation();
    while (words.takeName("and")) {
      left = new Expression.Either(true, left, negation());
    }
    return left;
  }

  private Expression negation() {
    if (!words.takeName("not")) {
      return comparison();
    }
    words.enter();
    Expression operand = negation();
    words.leave();
    return new Expression.Not(operand);
  }

  /// `a < b < c` is `a < b and b < c`.
  private Expression comparison() {
    Expression left = sum();
    @Nullable Expression chain = null;
    for (String operator = comparator(); !operator.isEmpty(); operator = comparator()) {
      Expression right = sum();
      Expression link =
          operator.equals("not in")
              ? new Expression.Not(new Expression.Binary("in", left, right))
              : new Expression.Binary(operator, left, right);
      chain = chain == null ? link : new Expression.Either(true, chain, link);
      left = right;
    }
    return chain == null ? left : chain;
  }

  /// Takes an operator that compares; empty when there is none.
  private String comparator() {
    if (words.peek().kind() == Lexeme.Kind.OPERATOR && COMPARISONS.contains(words.peek().text())) {
      return words.take().text();
    }
    if (words.takeName("in")) {
      return "in";
    }
    if (words.isName("not") && words.isNameBehind("in")) {
      words.take();
      words.take();
      return "not in";
    }
    return "";
  }

  private Expression sum() {
    Expression left = joined();
    while (words.isOperator("+") || words.isOperator("-")) {
      left = new Expression.Binary(words.take().text(), left, joined());
    }
    return left;
  }

  private Expression joined() {
    Expression left = product();
    while (words.takeOperator("~")) {
      left = new Expression.Binary("~", left, product());
    }
    return left;
  }

  private Expression product() {
    Expression left = signed(true);
    while (words.isOperator("*")
        || words.isOperator("/")
        || words.isOperator("//")
        || words.isOperator("%")) {
      left = new Expression.Binary(words.take().text(), left, signed(true));
    }
    return left;
  }

  /// A filter behind a negative number is the number's with its sign.
  private Expression signed(boolean filtered) {
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
    Expression inside = tuple();
    words.requireOperator(")");
    return inside;
  }

  private List<Expression> items(String end) {
    List<Expression> items = new ArrayList<>();
    while (!words.takeOperator(end)) {
      items.add(expression());
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
      keys.add(expression());
      words.requireOperator(":");
      values.add(expression());
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
    @Nullable Expression first = words.isOperator(":") ? null : tuple();
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
    return words.isOperator(":") || words.isOperator("]") ? null : expression();
  }

  private Expression.ArgumentList arguments() {
    List<Expression> positional = new ArrayList<>();
    LinkedHashMap<String, Expression> named = new LinkedHashMap<>();
    while (!words.takeOperator(")")) {
      if (words.peek().kind() == Lexeme.Kind.NAME && words.isOperatorBehind("=")) {
        String name = words.requireAnyName();
        words.requireOperator("=");
        named.put(name, expression());
      } else {
        positional.add(expression());
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
