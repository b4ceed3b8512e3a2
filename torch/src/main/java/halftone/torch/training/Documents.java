package halftone.torch.training;

import halftone.text.FileRange;
import halftone.text.Section;
import halftone.text.Text;
import halftone.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Text files as a training reads them: one document a file, a folder standing for the `.txt` files
/// in it by name.
public final class Documents {
  private Documents() {}

  /// Reads files and folders, in the order given.
  ///
  /// @param name what messages and the model card call them together
  /// @throws IllegalArgumentException when a folder holds no `.txt` file, or a file is not UTF-8
  public static Text read(String name, List<Path> paths) throws IOException {
    List<Section> sections = new ArrayList<>();
    for (Path path : paths) {
      for (Path file : files(path)) {
        sections.addAll(FileRange.whole(file).read().sections());
      }
    }
    return new Text(name, sections);
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      List<Path> files = entries.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
      if (files.isEmpty()) {
        throw new IllegalArgumentException(path + ": holds no .txt file; name files or a folder");
      }
      return files;
    }
  }

  /// All documents one after another, each behind the beginning token.
  static int[] stream(Text text, Tokenizer tokenizer) {
    List<int[]> parts = new ArrayList<>();
    for (Section document : text.sections()) {
      parts.add(new int[] {tokenizer.bos()});
      parts.add(tokenizer.encode(document.text(), false));
    }
    return parts.stream().flatMapToInt(IntStream::of).toArray();
  }
}
