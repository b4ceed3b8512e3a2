package halftone.model;

/// A file that breaks its format's rules. The message is one line for the user: file, field, what
/// was found, remedy.
///
/// Example: `x.gguf: version: found 7; this reader knows versions 2 and 3`.
public final class MalformedFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 120;

  /// @param file name of the file, as the user gave it
  /// @param field what in the file is wrong: a header field, a metadata key or a tensor
  /// @param found what stands there
  /// @param remedy what the user can do, or what would have been right
  public MalformedFileException(String file, String field, String found, String remedy) {
    super("%s: %s: found %s; %s".formatted(file, oneLine(field), oneLine(found), remedy));
  }

  /// Names and values come from a damaged file and may be long and unprintable.
  private static String oneLine(String text) {
    String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return start.replaceAll("\\p{Cntrl}", "?");
  }
}
