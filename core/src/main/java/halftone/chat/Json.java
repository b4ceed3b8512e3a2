package halftone.chat;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Values as JSON, with the spaces of Python's `json.dumps`; characters beyond ASCII stay.
final class Json {
  private final Budget budget;
  private final int indent;
  private final StringBuilder out = new StringBuilder();

  private Json(Budget budget, int indent) {
    this.budget = budget;
    this.indent = indent;
  }

  /// @param indent spaces a level, or −1 for one line
  static String of(Value value, int indent, Budget budget) {
    Json json = new Json(budget, indent);
    json.write(value, 1);
    return json.out.toString();
  }

  private void write(Value value, int level) {
    budget.enter();
    int before = out.length();
    switch (value) {
      case Value.Text(String text) -> quote(text);
      case Value.Whole(long number) -> out.append(number);
      case Value.Real(double number) -> out.append(number);
      case Value.Truth(boolean holds) -> out.append(holds);
      case Value.None _ -> out.append("null");
      case Value.Sequence(List<Value> items, boolean _) -> {
        String separator = "[";
        for (Value item : items) {
          separate(separator, level);
          write(item, level + 1);
          separator = ",";
        }
        end(items.isEmpty(), "[", "]", level);
      }
      case Value.Mapping(SequencedMap<Value, Value> entries) -> {
        String separator = "{";
        for (Map.Entry<Value, Value> entry : entries.entrySet()) {
          separate(separator, level);
          quote(key(entry.getKey()));
          out.append(": ");
          write(entry.getValue(), level + 1);
          separator = ",";
        }
        end(entries.isEmpty(), "{", "}", level);
      }
      case Value.Undefined _, Value.Namespace _, Value.Function _ ->
          throw new TemplateException(value.type() + " as JSON");
    }
    budget.make(out.length() - before);
    budget.leave();
  }

  private String key(Value key) {
    return key instanceof Value.Text(String text) ? text : of(key, -1, budget);
  }

  private void separate(String separator, int level) {
    out.append(separator);
    if (indent >= 0) {
      breakLine(level);
    } else if (separator.equals(",")) {
      out.append(' ');
    }
  }

  private void end(boolean empty, String open, String close, int level) {
    if (empty) {
      out.append(open);
    } else if (indent >= 0) {
      breakLine(level - 1);
    }
    out.append(close);
  }

  private void breakLine(int level) {
    budget.make((long) indent * level);
    out.append('\n').repeat(' ', indent * level);
  }

  private void quote(String text) {
    out.append('"');
    for (char character : text.toCharArray()) {
      switch (character) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (character < ' ') {
            out.append("\\u%04x".formatted((int) character));
          } else {
            out.append(character);
          }
        }
      }
    }
    out.append('"');
  }
}
