package halftone.fuzz;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A damaged input that a reader did not survive.
///
/// @param what went wrong, in one line
public record Finding(
    FuzzTarget target,
    long seed,
    long number,
    byte[] input,
    String what,
    @Nullable Throwable thrown) {
  /// Saves the input, and beside it what happened and how to see it again.
  public Path save(Path folder) throws IOException {
    Files.createDirectories(folder);
    String name = "%s-%d-%d".formatted(target.name().replace(' ', '-'), seed, number);
    Files.writeString(folder.resolve(name + ".txt"), describe());
    return Files.write(folder.resolve(name + ".bin"), input);
  }

  private String describe() {
    StringWriter text = new StringWriter();
    try (PrintWriter out = new PrintWriter(text)) {
      out.printf("%s%nagain: --seed %d --case %d%n", this, seed, number);
      if (thrown != null) {
        thrown.printStackTrace(out);
      }
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "%s, seed %d, case %d (%d bytes): %s"
        .formatted(target.name(), seed, number, input.length, what);
  }
}
