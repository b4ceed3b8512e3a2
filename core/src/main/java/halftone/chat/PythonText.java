package halftone.chat;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Values as text, as Python writes them: `True`, `None`, `['a', 1]`; and as JSON.
///
/// @param budget pays for every value and character: a list of lists of one list is long
record PythonText(Budget budget) {
  /// As `{{ value }}` shows it.
  String shown(Value value) {
    if (value instanceof Value.Text(String text)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private void write(Value value, StringBuilder out) {
    budget.enter();
    int before = out.length();
    switch (value) {
      case Value.Text(String text) -> out.append(quoted(text));
      case Value.Whole(long number) -> out.append(number);
      case Value.Real(double number) -> out.append(number);
      case Value.Truth(boolean holds) -> out.append(holds ? "True" : "False");
      case Value.None _ -> out.append("None");
      case Value.Undefined _ -> {}
      case Value.Sequence(List<Value> items, boolean fixed) -> {
        out.append(fixed ? '(' : '[');
        for (Iterator<Value> each = items.iterator(); each.hasNext(); ) {
          write(each.next(), out);
          out.append(each.hasNext() ? ", " : fixed && items.size() == 1 ? "," : "");
        }
        out.append(fixed ? ')' : ']');
      }
      case Value.Mapping(SequencedMap<Value, Value> entries) -> {
        out.append('{');
        String comma = "";
        for (Map.Entry<Value, Value> entry : entries.entrySet()) {
          out.append(comma);
          write(entry.getKey(), out);
          out.append(": ");
          write(entry.getValue(), out);
          comma = ", ";
        }
        out.append('}');
      }
      case Value.Namespace _, Value.Function _ -> out.append('<').append(value.type()).append('>');
    }
    budget.make(out.length() - before);
    budget.leave();
  }

  private static String quoted(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder out = new StringBuilder().append(quote);
    for (char character : text.toCharArray()) {
      switch (character) {
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (character == quote) {
            out.append('\\');
          }
          if (character < ' ' || character == 0x7F) {
            out.append("\\x%02x".formatted((int) character));
          } else {
            out.append(character);
          }
        }
      }
    }
    return out.append(quote).toString();
  }
}
