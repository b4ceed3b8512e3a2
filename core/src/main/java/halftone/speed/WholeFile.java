package halftone.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How long the model's whole file takes in a mixture of types, from reading to writing.
///
/// @param preset the mixture's name
/// @param ours seconds, of a process of our own that begins and ends with it
/// @param theirs seconds of llama.cpp's function; null where it was not asked
public record WholeFile(String preset, double ours, @Nullable Double theirs) {
  /// Writes the file.
  public interface Writer {
    void write(Path to) throws IOException;
  }

  /// Both write in turns; medians. What they write is deleted.
  ///
  /// @param folder to write in
  public static WholeFile measure(
      String preset, int rounds, Path folder, Writer ours, @Nullable Writer theirs)
      throws IOException {
    double[] own = new double[rounds];
    double[] other = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      own[round] = seconds(ours, folder);
      if (theirs != null) {
        other[round] = seconds(theirs, folder);
      }
    }
    return new WholeFile(preset, Median.of(own), theirs == null ? null : Median.of(other));
  }

  private static double seconds(Writer writer, Path folder) throws IOException {
    Path file = folder.resolve("bench.gguf");
    try {
      long start = System.nanoTime();
      writer.write(file);
      return (System.nanoTime() - start) / 1e9;
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
