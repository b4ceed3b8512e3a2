package halftone.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement of a template: what it writes and what it changes.
sealed interface Statement {
  /// Where in the template, from 1.
  int line();

  record Plain(int line, String text) implements Statement {}

  record Output(int line, Expression value) implements Statement {}

  record If(int line, Expression condition, List<Statement> then, List<Statement> otherwise)
      implements Statement {}

  /// @param names one, or as many as each element has parts
  /// @param filter elements it does not hold for are passed over
  /// @param otherwise for no elements at all
  record For(
      int line,
      List<String> names,
      Expression elements,
      @Nullable Expression filter,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {}

  record Set(int line, List<String> names, Expression value) implements Statement {}

  /// `set namespace.name = value`.
  record SetAttribute(int line, String namespace, String name, Expression value)
      implements Statement {}

  /// `set name` with what its body writes.
  record SetBlock(int line, String name, List<Statement> body) implements Statement {}

  record Macro(int line, String name, List<Parameter> parameters, List<Statement> body)
      implements Statement {}

  /// `generation`: the part of the text that a model learns from; here only its text.
  record Block(int line, List<Statement> body) implements Statement {}

  record Break(int line) implements Statement {}

  record Continue(int line) implements Statement {}

  record Parameter(String name, @Nullable Expression absent) {}
}
