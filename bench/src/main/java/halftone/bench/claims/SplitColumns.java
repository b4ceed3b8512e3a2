package halftone.bench.claims;

import halftone.kernel.integer.PanelProducts;
import halftone.kernel.integer.PanelWeight;
import halftone.kernel.integer.QuantizedRows;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.SplittableRandom;

/// He et al. (arXiv 2601.16536): with many more columns than rows, threads take halves of the
/// columns, whose results are added, instead of halves of the rows. Q4_0, one row of inputs.
final class SplitColumns {
  private static final int[][] SHAPES = {
    {65536, 16}, {65536, 64}, {16384, 256}, {8192, 1024}, {4096, 4096}
  };

  private static final int PARTS = 2;

  /// Shapes that are drawn at random, and the most weights of one.
  private static final int RANDOM = 20;

  private static final int MOST = 1 << 24;

  /// The engine's way is as good as the other.
  private static final double CLOSE = 1.05;

  /// Products of a measurement: one alone is shorter than the clock is good.
  private static final int REPEATS = 200;

  private SplitColumns() {}

  static void measure(Workers workers) {
    System.out.println("columns   rows  by rows us  by columns us  by rows : by columns");
    for (int[] shape : SHAPES) {
      compare(shape[0], shape[1], workers);
    }
    System.out.println("random shapes:");
    SplittableRandom random = new SplittableRandom(1);
    int close = 0;
    for (int i = 0; i < RANDOM; i++) {
      int columns = powerOfTwo(random, 9, 16);
      int rows = Math.min(powerOfTwo(random, 4, 13), MOST / columns);
      close += compare(columns, rows, workers) <= CLOSE ? 1 : 0;
    }
    System.out.printf(
        "By rows, as the engine does, takes at most %.2f of the time by columns in %d of %d.%n",
        CLOSE, close, RANDOM);
  }

  /// Between two powers of two; their logarithms are as likely as each other.
  private static int powerOfTwo(SplittableRandom random, int least, int most) {
    return 1 << random.nextInt(least, most + 1);
  }

  /// By rows over by columns.
  private static double compare(int columns, int rows, Workers workers) {
    int half = columns / PARTS;
    try (Arena arena = Arena.ofShared();
        Workers alone = new LocalWorkers(1)) {
      PanelWeight whole = panels(rows, columns, arena, workers);
      List<PanelWeight> halves =
          List.of(panels(rows, half, arena, workers), panels(rows, half, arena, workers));
      QuantizedRows all = rounded(columns, workers);
      List<QuantizedRows> parts = List.of(rounded(half, workers), rounded(half, workers));
      float[] out = new float[rows];
      float[][] sums = new float[PARTS][rows];
      Turns.Medians took =
          new Turns()
              .side("rows", () -> repeat(() -> PanelProducts.multiply(all, whole, out, workers)))
              .side(
                  "columns",
                  () ->
                      repeat(
                          () -> {
                            workers.forEach(
                                PARTS,
                                p ->
                                    PanelProducts.multiply(
                                        parts.get(p), halves.get(p), sums[p], alone));
                            for (int row = 0; row < rows; row++) {
                              out[row] = sums[0][row] + sums[1][row];
                            }
                          }))
              .medians();
      System.out.printf(
          "%7d  %5d  %10.1f  %13.1f  %20.2f%n",
          columns,
          rows,
          1e6 * took.of("rows") / REPEATS,
          1e6 * took.of("columns") / REPEATS,
          took.ratio("rows", "columns"));
      return took.ratio("rows", "columns");
    }
  }

  private static void repeat(Runnable product) {
    for (int i = 0; i < REPEATS; i++) {
      product.run();
    }
  }

  private static PanelWeight panels(int rows, int columns, Arena arena, Workers workers) {
    Tensor weight = Matrices.weight("Q4_0", rows, columns, arena, workers);
    return PanelWeight.of(weight, arena, workers);
  }

  private static QuantizedRows rounded(int columns, Workers workers) {
    return QuantizedRows.of(Matrices.inputs(1, columns), 1, columns, workers);
  }
}
