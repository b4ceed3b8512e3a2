package halftone.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Cuts a text into three, in order, by shares of its bytes.
///
/// A cut goes to the end of the paragraph (a blank line) that the share ends in; if that is more
/// than a sixteenth of the section away, to the end of the line; failing that too, to the next
/// character. Each section is split on its own, so that every part has every kind. The same text
/// always gives the same parts.
///
/// @param calibration share of the first part, between 0 and 1
/// @param allocation share of the second; the rest is the third
record TextSplit(double calibration, double allocation) {
  static final TextSplit HALF_QUARTER_QUARTER = new TextSplit(0.5, 0.25);

  private static final int PATIENCE = 16;

  /// The parts, in the order of [Role].
  ///
  /// @throws IllegalArgumentException when the text is too short to give each part something
  List<Text> apply(Text text) {
    List<List<Section>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Section section : text.sections()) {
      byte[] bytes = section.utf8();
      int first = cut(bytes, Math.round(bytes.length * calibration));
      int second = cut(bytes, Math.round(bytes.length * (calibration + allocation)));
      int[] bounds = {0, first, second, bytes.length};
      for (int part = 0; part < parts.size(); part++) {
        parts.get(part).add(part(section, bytes, bounds[part], bounds[part + 1], text));
      }
    }
    List<Text> texts = new ArrayList<>();
    Role[] roles = Role.values();
    for (int part = 0; part < roles.length; part++) {
      String name = text.name() + " (" + roles[part].id() + " part)";
      texts.add(new Text(name, parts.get(part)));
    }
    return texts;
  }

  private static Section part(Section section, byte[] bytes, int from, int to, Text text) {
    String content = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    if (content.isBlank()) {
      throw new IllegalArgumentException(
          "%s: %d bytes are too few to split in three; give more text"
              .formatted(text.name(), bytes.length));
    }
    return new Section(section.name() + "[" + from + "-" + to + "]", section.kind(), content);
  }

  private static int cut(byte[] bytes, long share) {
    int target = (int) share;
    int limit = (int) Math.min(bytes.length, share + bytes.length / PATIENCE);
    int line = -1;
    boolean blank = false;
    for (int at = target; at < limit; at++) {
      if (bytes[at] == '\n') {
        if (blank) {
          return at + 1;
        }
        line = line < 0 ? at + 1 : line;
        blank = true;
      } else if (bytes[at] != '\r' && bytes[at] != ' ' && bytes[at] != '\t') {
        blank = false;
      }
    }
    return line >= 0 ? line : character(bytes, target);
  }

  private static int character(byte[] bytes, int target) {
    int at = target;
    while (at < bytes.length && (bytes[at] & 0xC0) == 0x80) {
      at++;
    }
    return at;
  }
}
