package halftone.app.report;

import java.util.List;
import java.util.regex.Pattern;

/// A command as a POSIX shell reads it.
final class ShellCommand {
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

  private ShellCommand() {}

  static String of(List<String> words) {
    return String.join(" ", words.stream().map(ShellCommand::quoted).toList());
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
