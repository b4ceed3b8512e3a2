package halftone.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads expressions, the loosest-binding operator first: choice, or, and, not, comparison, sum,
/// `~`, product; their operands are [OperandParser]'s.
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");

  private final Words words;
  private final OperandParser operands;

  ExpressionParser(Words words) {
    this.words = words;
    operands = new OperandParser(words, this);
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
    Expression left = operands.signed(true);
    while (words.isOperator("*")
        || words.isOperator("/")
        || words.isOperator("//")
        || words.isOperator("%")) {
      left = new Expression.Binary(words.take().text(), left, operands.signed(true));
    }
    return left;
  }
}
