package halftone.model;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of one file of a model that lies in several: `PREFIX-00002-of-00003.gguf`, as
/// llama-gguf-split writes them and llama.cpp finds them.
///
/// @param folderAndPrefix the name before `-00002-of-00003.gguf`, with its folder
/// @param part counted from 1
record SplitName(Path folderAndPrefix, int part, int count) {
  private static final Pattern NAME =
      Pattern.compile("(.+)-([0-9]{5})-of-([0-9]{5})\\.gguf", Pattern.DOTALL);

  /// The name of a file that is called like a part, else nothing.
  static Optional<SplitName> of(Path path) {
    Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
    return name.matches()
        ? Optional.of(
            new SplitName(
                path.resolveSibling(name.group(1)),
                Integer.parseInt(name.group(2)),
                Integer.parseInt(name.group(3))))
        : Optional.empty();
  }

  /// Where another part of the model lies.
  Path path(int other) {
    return folderAndPrefix.resolveSibling(
        "%s-%05d-of-%05d.gguf".formatted(folderAndPrefix.getFileName(), other, count));
  }
}
