package halftone.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How fast a model runs on a machine, beside what the machine could do at most.
///
/// @param machine the machine's limits, with as many threads as the model had
/// @param inIntegers whether the model multiplied bytes by instructions for them; else floats
/// @param race what was run
/// @param ours as we run it
/// @param theirs as llama.cpp runs it, in turns with us; null where it was not asked
/// @param encodings how fast weights are encoded, by one thread
/// @param files how long whole files take
/// @param cacheBytes of keys and values behind the prompt and all that was written
/// @param bufferBytes of arrays between operations
public record SpeedReport(
    MachineSpeed machine,
    boolean inIntegers,
    Workload work,
    TokenRace race,
    TokenSpeed ours,
    @Nullable TokenSpeed theirs,
    List<Encoding> encodings,
    List<WholeFile> files,
    long cacheBytes,
    long bufferBytes) {
  public SpeedReport {
    encodings = List.copyOf(encodings);
    files = List.copyOf(files);
  }

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

  /// Weights that are encoded in a second.
  ///
  /// @param format its name
  /// @param weighted whether the encoder was given importance
  /// @param ours by our encoder
  /// @param ggml by ggml's; null where it was not asked
  public record Encoding(String format, boolean weighted, double ours, @Nullable Double ggml) {}

  /// Products a second while a prompt is read.
  public double prefillProducts() {
    return work.prefillProducts(race.prompt()) / race.prompt() * ours.prefill();
  }

  /// Bytes of weights a second while tokens are written.
  public double decodeBytes() {
    return work.weightBytes() * ours.decode();
  }

  /// Products a second that the machine is able to.
  public double mostProducts() {
    return inIntegers ? machine.integers() : machine.floats();
  }

  /// Share of the machine's products that prefill reaches.
  public double prefillShare() {
    return prefillProducts() / mostProducts();
  }

  /// Share of the machine's memory that decode reaches; above 1 for a model that stays in the
  /// cache.
  public double decodeShare() {
    return decodeBytes() / machine.bytes();
  }

  /// Products for each byte of weights while tokens are written.
  public double decodeIntensity() {
    return (double) (work.blockProducts() + work.headProducts()) / work.weightBytes();
  }

  /// The same while a prompt is read.
  public double prefillIntensity() {
    return work.prefillProducts(race.prompt()) / work.weightBytes();
  }
}
