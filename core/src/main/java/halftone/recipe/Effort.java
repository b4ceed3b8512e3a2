package halftone.recipe;

import java.util.List;
import java.util.regex.Pattern;

/// How much is read and measured.
///
/// @param calibrationChunks chunks of 512 tokens for importance and Gram matrices
/// @param allocationChunks chunks that measured swaps and the final choice read
/// @param verificationChunks chunks of the one reading at the end
/// @param sampledRows rows of each tensor whose rounding error is measured in every format
/// @param depths groups of blocks whose damage is measured apart, one swap a kind of tensor in each
/// @param outsideProbes formats in which each tensor outside the blocks (embedding, output) is
///   measured
/// @param integerSwaps how many of the allocation text's chunks measured swaps read with products
///   in integers, which take a quarter of the time but round inputs too; 0 for all, exactly
/// @param allRivals whether presets are measured of which the table of losses promises much more
///   than of the best
/// @param gptq whether Gram matrices are gathered and GPTQ rounds in the blocks too; else the
///   output product alone
public record Effort(
    String name,
    int calibrationChunks,
    int allocationChunks,
    int verificationChunks,
    int sampledRows,
    int depths,
    int outsideProbes,
    int integerSwaps,
    boolean allRivals,
    boolean gptq) {
  public static final Effort FAST = new Effort("fast", 8, 2, 6, 24, 4, 1, 1, false, false);
  public static final Effort BALANCED = new Effort("balanced", 16, 4, 24, 64, 6, 8, 0, true, true);

  private static final int FIELDS = 10;
  private static final Pattern FIELD = Pattern.compile("\\w+=([^,\\]]*)");

  /// The same without GPTQ.
  Effort withoutGptq() {
    return new Effort(
        name,
        calibrationChunks,
        allocationChunks,
        verificationChunks,
        sampledRows,
        depths,
        outsideProbes,
        integerSwaps,
        allRivals,
        false);
  }

  /// Reads what [#toString] writes.
  ///
  /// @throws IllegalArgumentException when it is no effort of this version
  static Effort parse(String text) {
    List<String> fields = FIELD.matcher(text).results().map(field -> field.group(1)).toList();
    if (fields.size() != FIELDS) {
      throw new IllegalArgumentException("'" + text + "' is no effort of this version");
    }
    int[] numbers = fields.subList(1, 8).stream().mapToInt(Integer::parseInt).toArray();
    return new Effort(
        fields.getFirst(),
        numbers[0],
        numbers[1],
        numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
        numbers[6],
        Boolean.parseBoolean(fields.get(8)),
        Boolean.parseBoolean(fields.getLast()));
  }

  public static Effort named(String name) {
    return switch (name) {
      case "fast" -> FAST;
      case "balanced" -> BALANCED;
      default ->
          throw new IllegalArgumentException("effort is fast or balanced, not '" + name + "'");
    };
  }
}
