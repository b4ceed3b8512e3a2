package halftone.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// The options a user wrote, but for some: what a command for another size repeats.
final class OtherOptions {
  private OtherOptions() {}

  /// Words of the last parsed command line, in its order.
  ///
  /// @param but long names of the options to leave out
  static List<String> of(CommandLine command, Set<String> but) {
    List<String> words = new ArrayList<>();
    for (OptionSpec option : command.getParseResult().matchedOptionsSet()) {
      if (but.contains(option.longestName())) {
        continue;
      }
      if (option.arity().max() == 0) {
        words.add(option.longestName());
        continue;
      }
      for (String value : option.originalStringValues()) {
        words.add(option.longestName());
        words.add(value);
      }
    }
    return words;
  }
}
