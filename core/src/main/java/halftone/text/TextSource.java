package halftone.text;

import java.io.IOException;

/// Where a text comes from.
public sealed interface TextSource permits FileRange, BuiltIn {
  /// Reads it.
  ///
  /// @throws IOException when the file cannot be read
  /// @throws IllegalArgumentException when it holds no text, is not UTF-8 or is shorter than its
  ///   range says
  Text read() throws IOException;

  /// A source as written on a command line: `FILE`, or bytes of one, `FILE@FROM-TO` (see
  /// [FileRange]).
  static TextSource parse(String specification) {
    return FileRange.parse(specification);
  }
}
