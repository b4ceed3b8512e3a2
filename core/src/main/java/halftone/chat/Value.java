package halftone.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What an expression of a template is worth: Python's types, as far as templates know them.
sealed interface Value {
  Value NONE = new None();

  record Text(String text) implements Value {}

  record Whole(long number) implements Value {}

  record Real(double number) implements Value {}

  record Truth(boolean holds) implements Value {}

  record None() implements Value {}

  /// A name that nothing was bound to: empty as text, false as truth, an error in nearly anything
  /// else.
  record Undefined(String name) implements Value {}

  /// @param fixed whether it is a tuple, which only shows in its text
  record Sequence(List<Value> items, boolean fixed) implements Value {
    Sequence(List<Value> items) {
      this(items, false);
    }
  }

  /// @param entries by text, number, truth value or none
  record Mapping(SequencedMap<Value, Value> entries) implements Value {
    /// With texts as keys.
    static Mapping named(Map<String, Value> entries) {
      SequencedMap<Value, Value> keyed = new LinkedHashMap<>();
      entries.forEach((name, value) -> keyed.put(new Text(name), value));
      return new Mapping(keyed);
    }
  }

  /// The only thing a template can change: `namespace()`, for what a loop hands to the text behind
  /// it.
  record Namespace(Map<String, Value> entries) implements Value {}

  /// A macro, a method bound to its value, or one of the functions that templates are given.
  record Function(String name, Body body) implements Value {
    interface Body {
      Value call(Arguments arguments);
    }
  }

  /// The type's name in messages.
  default String type() {
    return switch (this) {
      case Text _ -> "text";
      case Whole _, Real _ -> "number";
      case Truth _ -> "truth value";
      case None _ -> "none";
      case Undefined(String name) -> "undefined \"" + name + "\"";
      case Sequence _ -> "list";
      case Mapping _ -> "mapping";
      case Namespace _ -> "namespace";
      case Function(String name, Function.Body _) -> "function " + name;
    };
  }

  /// Itself, where it can be the key of a mapping.
  default Value asKey() {
    return switch (this) {
      case Text _, Whole _, Real _, Truth _, None _ -> this;
      default -> throw new TemplateException("a " + type() + " as the key of a mapping");
    };
  }

  /// Whether `if` takes it for true.
  default boolean isTrue() {
    return switch (this) {
      case Text(String text) -> !text.isEmpty();
      case Whole(long number) -> number != 0;
      case Real(double number) -> number != 0;
      case Truth(boolean holds) -> holds;
      case None _, Undefined _ -> false;
      case Sequence(List<Value> items, boolean _) -> !items.isEmpty();
      case Mapping(SequencedMap<Value, Value> entries) -> !entries.isEmpty();
      case Namespace _, Function _ -> true;
    };
  }
}
