package halftone.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a template into statements.
final class TemplateParser {
  private static final Set<String> KNOWN =
      Set.of("if", "for", "set", "macro", "generation", "break", "continue");

  private final Words words;
  private final ExpressionParser expressions;

  private TemplateParser(Words words) {
    this.words = words;
    expressions = new ExpressionParser(words);
  }

  /// @throws TemplateException naming line and construct, for anything but the part of Jinja that
  ///   chat templates are written in
  static List<Statement> parse(String template) {
    TemplateParser parser = new TemplateParser(new Words(Lexer.cut(template)));
    List<Statement> program = parser.body(Set.of());
    if (parser.words.peek().kind() != Lexeme.Kind.END) {
      throw parser.words.unexpected("a statement");
    }
    return program;
  }

  /// Statements up to a tag that starts with one of these names, or the template's end. The `{%` is
  /// taken, the name is not.
  private List<Statement> body(Set<String> ends) {
    words.enter();
    List<Statement> body = new ArrayList<>();
    while (words.peek().kind() != Lexeme.Kind.END) {
      Lexeme word = words.take();
      switch (word.kind()) {
        case TEXT -> body.add(new Statement.Plain(word.line(), word.text()));
        case OUTPUT -> {
          body.add(new Statement.Output(word.line(), expressions.tuple()));
          words.require(Lexeme.Kind.OUTPUT_END, "\"}}\"");
        }
        default -> {
          if (ends.contains(words.peek().text())) {
            words.leave();
            return body;
          }
          body.add(statement(word.line()));
        }
      }
    }
    words.leave();
    return body;
  }

  private Statement statement(int line) {
    String name = words.requireAnyName();
    return switch (name) {
      case "if" -> choice(line);
      case "for" -> loop(line);
      case "set" -> set(line);
      case "macro" -> macro(line);
      case "generation" -> {
        endTag();
        yield new Statement.Block(line, bodyTo("endgeneration"));
      }
      case "break" -> {
        endTag();
        yield new Statement.Break(line);
      }
      case "continue" -> {
        endTag();
        yield new Statement.Continue(line);
      }
      default ->
          throw new TemplateException(
              line,
              "statement \"%s\"; known are %s"
                  .formatted(name, String.join(", ", KNOWN.stream().sorted().toList())));
    };
  }

  private void endTag() {
    words.require(Lexeme.Kind.STATEMENT_END, "\"%}\"");
  }

  /// The statements up to an end tag, which is taken too.
  private List<Statement> bodyTo(String end) {
    List<Statement> body = body(Set.of(end));
    words.requireName(end);
    endTag();
    return body;
  }

  private Statement choice(int line) {
    Expression condition = expressions.tuple();
    endTag();
    List<Statement> then = body(Set.of("elif", "else", "endif"));
    int at = words.line();
    if (words.takeName("elif")) {
      words.enter();
      Statement next = choice(at);
      words.leave();
      return new Statement.If(line, condition, then, List.of(next));
    }
    List<Statement> otherwise = List.of();
    if (words.takeName("else")) {
      endTag();
      otherwise = body(Set.of("endif"));
    }
    words.requireName("endif");
    endTag();
    return new Statement.If(line, condition, then, otherwise);
  }

  private Statement loop(int line) {
    List<String> names = names();
    words.requireName("in");
    Expression elements = expressions.withoutChoice();
    @Nullable Expression filter = words.takeName("if") ? expressions.expression() : null;
    if (words.isName("recursive")) {
      throw new TemplateException(line, "a recursive loop, which is not supported");
    }
    endTag();
    List<Statement> body = body(Set.of("else", "endfor"));
    List<Statement> otherwise = List.of();
    if (words.takeName("else")) {
      endTag();
      otherwise = body(Set.of("endfor"));
    }
    words.requireName("endfor");
    endTag();
    return new Statement.For(line, names, elements, filter, body, otherwise);
  }

  private List<String> names() {
    boolean parenthesised = words.takeOperator("(");
    List<String> names = new ArrayList<>(List.of(words.requireAnyName()));
    while (words.takeOperator(",")) {
      names.add(words.requireAnyName());
    }
    if (parenthesised) {
      words.requireOperator(")");
    }
    return names;
  }

  private Statement set(int line) {
    List<String> names = names();
    if (words.takeOperator(".")) {
      String attribute = words.requireAnyName();
      return new Statement.SetAttribute(line, names.getFirst(), attribute, assigned());
    }
    if (words.isOperator("=")) {
      return new Statement.Set(line, names, assigned());
    }
    endTag();
    return new Statement.SetBlock(line, names.getFirst(), bodyTo("endset"));
  }

  private Expression assigned() {
    words.requireOperator("=");
    Expression value = expressions.tuple();
    endTag();
    return value;
  }

  private Statement macro(int line) {
    String name = words.requireAnyName();
    words.requireOperator("(");
    List<Statement.Parameter> parameters = new ArrayList<>();
    while (!words.takeOperator(")")) {
      String parameter = words.requireAnyName();
      @Nullable Expression absent = words.takeOperator("=") ? expressions.expression() : null;
      parameters.add(new Statement.Parameter(parameter, absent));
      if (!words.isOperator(")")) {
        words.requireOperator(",");
      }
    }
    endTag();
    return new Statement.Macro(line, name, parameters, bodyTo("endmacro"));
  }
}
