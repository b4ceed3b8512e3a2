package halftone.chat;

import java.util.List;
import java.util.Map;

/// What a function, a filter or a test is called with.
record Arguments(List<Value> positional, Map<String, Value> named) {
  static final Arguments NO = new Arguments(List.of(), Map.of());

  int size() {
    return positional.size() + named.size();
  }

  /// An argument by place or, when fewer are given by place, by name.
  Value get(int index, String name, Value absent) {
    return index < positional.size() ? positional.get(index) : named.getOrDefault(name, absent);
  }

  Value require(int index, String name) {
    Value value = get(index, name, new Value.Undefined(name));
    if (value instanceof Value.Undefined) {
      throw new TemplateException("an argument \"" + name + "\" is missing");
    }
    return value;
  }

  String requireText(int index, String name) {
    return text(name, require(index, name));
  }

  String text(int index, String name, String absent) {
    return text(name, get(index, name, new Value.Text(absent)));
  }

  private static String text(String name, Value value) {
    if (value instanceof Value.Text(String text)) {
      return text;
    }
    throw new TemplateException("argument \"" + name + "\" is a " + value.type() + ", not text");
  }

  int whole(int index, String name, int absent) {
    Value value = get(index, name, new Value.Whole(absent));
    if (value instanceof Value.Whole(long number) && number == (int) number) {
      return (int) number;
    }
    throw new TemplateException(
        "argument \"" + name + "\" is a " + value.type() + ", not a whole number of 32 bits");
  }

  /// The arguments behind the first so many.
  Arguments from(int first) {
    return new Arguments(
        positional.subList(Math.min(first, positional.size()), positional.size()), named);
  }
}
