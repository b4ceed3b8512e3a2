package halftone.app.report;

import java.util.ArrayDeque;
import java.util.Deque;

/// Elements of a page that is HTML and well-formed XML at once. All text and every attribute passes
/// through here and is escaped.
final class Markup {
  private final StringBuilder out = new StringBuilder("<!DOCTYPE html>\n");
  private final Deque<String> open = new ArrayDeque<>();

  /// @param attributes names and values in turn
  Markup open(String tag, String... attributes) {
    start(tag, attributes);
    out.append('>');
    open.push(tag);
    return this;
  }

  Markup close() {
    out.append("</").append(open.pop()).append(">\n");
    return this;
  }

  Markup text(String text) {
    escape(text);
    return this;
  }

  /// An element that holds text alone.
  Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /// A script, which HTML does not unescape and XML would: the same characters to both.
  ///
  /// @param text without `]]>`
  Markup script(String text) {
    out.append("<script>").append(scriptText(text)).append("</script>\n");
    return this;
  }

  /// What a browser takes for the script's text.
  static String scriptText(String text) {
    return "//<![CDATA[\n" + text + "\n//]]>";
  }

  /// Data for a script: JSON whose marks of HTML and XML are written as escapes of JSON.
  Markup data(String id, String json) {
    out.append("<script type=\"application/json\" id=\"").append(id).append("\">");
    json.chars()
        .forEach(
            unit -> {
              if (unit == '<' || unit == '>' || unit == '&' || unit >= 0x7f) {
                out.append("\\u%04x".formatted(unit));
              } else {
                out.append((char) unit);
              }
            });
    out.append("</script>\n");
    return this;
  }

  /// An element without content: void in HTML, or a shape in SVG.
  Markup leaf(String tag, String... attributes) {
    start(tag, attributes);
    out.append("/>\n");
    return this;
  }

  /// @throws IllegalStateException when an element is still open
  String page() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("still open: " + open);
    }
    return out.toString();
  }

  private void start(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
  }

  private void escape(String text) {
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                default -> out.appendCodePoint(legal(point) ? point : 0xFFFD);
              }
            });
  }

  /// XML 1.0 §2.2.
  private static boolean legal(int point) {
    return point == '\t'
        || point == '\n'
        || point == '\r'
        || point >= 0x20 && point <= 0xD7FF
        || point >= 0xE000 && point != 0xFFFE && point != 0xFFFF;
  }
}
