package halftone.text;

import java.nio.charset.StandardCharsets;

/// A named stretch of text of one kind.
///
/// @param name where it comes from, without a folder: `wikitext-a.txt@0-300000`,
///   `builtin/calibration/code.txt`
/// @param kind what quality tables call it: `prose`, `code`, or the file's name
public record Section(String name, String kind, String text) {
  public byte[] utf8() {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
