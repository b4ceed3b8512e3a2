package halftone.bench.claims;

import halftone.kernel.integer.PanelWeight;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// MARLIN (arXiv 2408.11743): a product that takes 4-bit weights apart on the way keeps the gain of
/// reading less up to batches of 16 to 32. Two tiers: Q4_0 in panels with inputs rounded to bytes,
/// as the engine multiplies, and 4-bit groups of 128 with float32 inputs ([FloatPanels]), beside
/// float32 weights in the same panels, and beside weights that become floats in memory first.
final class FusedProduct {
  static final int OUTPUTS = 16384;
  static final int INPUTS = 8192;

  private static final int[] BATCHES = {1, 2, 4, 8, 16, 32};

  private FusedProduct() {}

  static void measure(Workers workers) {
    try (Arena arena = Arena.ofShared()) {
      PanelWeight bytes =
          PanelWeight.of(Matrices.weight("Q4_0", OUTPUTS, INPUTS, arena, workers), arena, workers);
      FloatMatrix matrix = new FloatMatrix(OUTPUTS, INPUTS, arena, workers);
      MemorySegment floats = arena.allocate(matrix.panels() * matrix.floatBytes(), 64);
      matrix.decode(floats, workers);
      System.out.println(
          "rows  dense ms  bytes ms  floats ms  unfused ms  dense ÷ bytes  dense ÷ floats  unfused ÷ floats");
      for (int rows : BATCHES) {
        float[] x = Matrices.inputs(rows, INPUTS);
        float[] out = new float[rows * OUTPUTS];
        MemorySegment packed = matrix.inputs(rows, arena);
        MemorySegment results = arena.allocate((long) out.length * Float.BYTES, 64);
        Turns.Medians took =
            new Turns()
                .side("dense", () -> matrix.dense(floats, packed, rows, results, workers))
                .side("bytes", () -> Matrices.multiply(x, rows, bytes, INPUTS, out, workers))
                .side("floats", () -> matrix.fused(packed, rows, results, workers))
                .side(
                    "unfused",
                    () -> {
                      matrix.decode(floats, workers);
                      matrix.dense(floats, packed, rows, results, workers);
                    })
                .medians();
        System.out.printf(
            "%4d  %8.2f  %8.2f  %9.2f  %10.2f  %13.2f  %14.2f  %16.2f%n",
            rows,
            1e3 * took.of("dense"),
            1e3 * took.of("bytes"),
            1e3 * took.of("floats"),
            1e3 * took.of("unfused"),
            took.ratio("dense", "bytes"),
            took.ratio("dense", "floats"),
            took.ratio("unfused", "floats"));
      }
    }
  }
}
