package halftone.speed;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How fast a model runs on a machine, beside what the machine could do at most.
///
/// @param machine the machine's limits, with as many threads as the model had; memory as it was
///   between the rounds of the race
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
