package halftone.bench.claims;

import halftone.kernel.PackedWeight;
import halftone.kernel.Panels;
import halftone.kernel.RowRounding;
import halftone.kernel.mixed.MixedProduct;
import halftone.kernel.mixed.MixedRows;
import halftone.kernel.mixed.MixedWeight;
import halftone.kernel.mixed.NibbleForm;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;

/// COMET (arXiv 2410.12168): four-bit weights times inputs of which a fifth of the blocks has eight
/// bits and the others four, beside eight bits in all of them and beside float32; both ways to take
/// nibbles apart; and how equally two workers share it. Inputs are rounded inside the measurement.
final class MixedBlocks {
  private static final int OUTPUTS = 8192;
  private static final int INPUTS = 8192;
  private static final int BLOCKS = INPUTS / 128;
  private static final int FIFTH = BLOCKS / 5;
  private static final int[] BATCHES = {1, 8, 32};
  private static final int CODES = 16;

  private MixedBlocks() {}

  static void measure(Workers workers) {
    try (Arena arena = Arena.ofShared()) {
      PackedWeight dense =
          PackedWeight.of(Matrices.weight("F32", OUTPUTS, INPUTS, arena, workers), arena, workers);
      MixedWeight shifted = weight(NibbleForm.TIMES_SIXTEEN, arena);
      MixedWeight extended = weight(NibbleForm.SIGN_EXTENDED, arena);
      System.out.println(
          "rows  float32 ms  W4A8 ms  W4Ax ms  float32 ÷ W4Ax  W4A8 ÷ W4Ax  signs ÷ times 16");
      for (int rows : BATCHES) {
        float[] x = Matrices.inputs(rows, INPUTS);
        float[] out = new float[rows * OUTPUTS];
        Turns.Medians took =
            new Turns()
                .side(
                    "float32",
                    () ->
                        dense.multiply(
                            Panels.ofRows(x, rows, INPUTS, RowRounding.NONE, workers),
                            out,
                            workers))
                .side("W4A8", () -> multiply(x, rows, BLOCKS, shifted, out, workers))
                .side("W4Ax", () -> multiply(x, rows, FIFTH, shifted, out, workers))
                .side("signs", () -> multiply(x, rows, FIFTH, extended, out, workers))
                .medians();
        System.out.printf(
            "%4d  %10.2f  %7.2f  %7.2f  %14.2f  %11.2f  %16.2f%n",
            rows,
            1e3 * took.of("float32"),
            1e3 * took.of("W4A8"),
            1e3 * took.of("W4Ax"),
            took.ratio("float32", "W4Ax"),
            took.ratio("W4A8", "W4Ax"),
            took.ratio("signs", "W4Ax"));
      }
      balance(shifted, workers);
    }
  }

  private static MixedWeight weight(NibbleForm form, Arena arena) {
    SplittableRandom random = new SplittableRandom(1);
    byte[] codes = new byte[OUTPUTS * INPUTS];
    random.nextBytes(codes);
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) ((codes[i] & CODES - 1) - CODES / 2);
    }
    float[] scales = new float[OUTPUTS * BLOCKS];
    Arrays.fill(scales, 1);
    return MixedWeight.of(codes, scales, OUTPUTS, INPUTS, form, arena);
  }

  private static void multiply(
      float[] x, int rows, int eightBits, MixedWeight weight, float[] out, Workers workers) {
    MixedRows rounded = MixedRows.quantize(x, rows, INPUTS, eightBits, workers);
    MixedProduct.multiply(rounded, weight, out, workers);
  }

  /// The time until all workers are done over what it were if none waited: pieces as the product
  /// hands them out, and in as many equal parts as there are workers.
  private static void balance(MixedWeight weight, Workers workers) {
    int rows = BATCHES[BATCHES.length - 1];
    float[] x = Matrices.inputs(rows, INPUTS);
    float[] out = new float[rows * OUTPUTS];
    MixedRows rounded = MixedRows.quantize(x, rows, INPUTS, FIFTH, workers);
    BusyTime pieces = new BusyTime(workers, false);
    BusyTime parts = new BusyTime(workers, true);
    new Turns()
        .side("pieces", () -> MixedProduct.multiply(rounded, weight, out, pieces))
        .side("parts", () -> MixedProduct.multiply(rounded, weight, out, parts))
        .medians();
    System.out.printf(
        "time ÷ ideal, %d rows: %.3f in pieces, %.3f in equal parts%n",
        rows, pieces.medianOverIdeal(), parts.medianOverIdeal());
  }
}
