package halftone.bench.claims;

import halftone.kernel.PackedWeight;
import halftone.kernel.Panels;
import halftone.kernel.RowRounding;
import halftone.kernel.bitplane.BitPlaneProduct;
import halftone.kernel.bitplane.BitPlaneProduct.Form;
import halftone.kernel.bitplane.BitPlaneRows;
import halftone.kernel.bitplane.BitPlaneWeight;
import halftone.kernel.integer.PanelWeight;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/// Ma et al. (arXiv 2409.17870): products by bit planes take time in proportion to both widths. All
/// of them beside float32 and bytes (Q8_0), inputs rounded inside the measurement; and what fewer
/// planes of a weight beyond the cache save.
final class BitPlaneWidths {
  private static final int SIZE = 4096;
  private static final int LARGE = 16384;
  private static final int[][] WIDTHS = {{1, 1}, {1, 2}, {2, 2}, {2, 4}, {3, 4}, {4, 4}, {4, 8}};

  private BitPlaneWidths() {}

  static void measure(Workers workers) {
    try (Arena arena = Arena.ofShared()) {
      PackedWeight dense =
          PackedWeight.of(Matrices.weight("F32", SIZE, SIZE, arena, workers), arena, workers);
      PanelWeight bytes =
          PanelWeight.of(Matrices.weight("Q8_0", SIZE, SIZE, arena, workers), arena, workers);
      for (int rows : new int[] {16, 1}) {
        float[] x = Matrices.inputs(rows, SIZE);
        float[] out = new float[rows * SIZE];
        Turns turns =
            new Turns()
                .side(
                    "float32",
                    () ->
                        dense.multiply(
                            Panels.ofRows(x, rows, SIZE, RowRounding.NONE, workers), out, workers))
                .side("bytes", () -> Matrices.multiply(x, rows, bytes, SIZE, out, workers));
        for (int[] widths : WIDTHS) {
          BitPlaneWeight weight = weight(SIZE, widths[0], arena);
          turns.side(name(widths), () -> multiply(x, rows, widths[1], weight, out, workers));
        }
        print(rows, turns.medians());
      }
    }
    traffic(workers);
  }

  private static void print(int rows, Turns.Medians took) {
    double least = took.of(name(WIDTHS[0]));
    System.out.printf(
        "%d rows: float32 %.3f ms, bytes %.3f ms%n widths      ms  ÷ (1,1)  of n·m  float32 ÷  bytes ÷%n",
        rows, 1e3 * took.of("float32"), 1e3 * took.of("bytes"));
    for (int[] widths : WIDTHS) {
      double own = took.of(name(widths));
      System.out.printf(
          "%7s  %6.3f  %7.2f  %6.2f  %9.2f  %7.2f%n",
          name(widths),
          1e3 * own,
          own / least,
          own / least / (widths[0] * widths[1]),
          took.of("float32") / own,
          took.of("bytes") / own);
    }
  }

  /// One row of inputs, weights beyond the cache.
  private static void traffic(Workers workers) {
    try (Arena arena = Arena.ofShared()) {
      float[] x = Matrices.inputs(1, LARGE);
      float[] out = new float[LARGE];
      BitPlaneWeight two = weight(LARGE, 2, arena);
      BitPlaneWeight four = weight(LARGE, 4, arena);
      for (int m : new int[] {1, 2, 4, 8}) {
        Turns.Medians took =
            new Turns()
                .side("two", () -> multiply(x, 1, m, two, out, workers))
                .side("four", () -> multiply(x, 1, m, four, out, workers))
                .medians();
        System.out.printf(
            "1 row of %d, %d × %d: (2,%d) %.2f ms, %.2f of (4,%d)%n",
            LARGE, LARGE, m, m, 1e3 * took.of("two"), took.ratio("two", "four"), m);
      }
    }
  }

  private static String name(int[] widths) {
    return "(%d,%d)".formatted(widths[0], widths[1]);
  }

  private static BitPlaneWeight weight(int size, int bits, Arena arena) {
    SplittableRandom random = new SplittableRandom(bits);
    byte[] codes = new byte[size * size];
    random.nextBytes(codes);
    for (int i = 0; i < codes.length; i++) {
      codes[i] &= (byte) ((1 << bits) - 1);
    }
    return BitPlaneWeight.of(codes, size, size, bits, size, new float[size], arena);
  }

  private static void multiply(
      float[] x, int rows, int bits, BitPlaneWeight weight, float[] out, Workers workers) {
    int columns = weight.columns();
    BitPlaneRows planes = BitPlaneRows.quantize(x, rows, columns, bits, columns, workers);
    BitPlaneProduct.multiply(planes, weight, Form.XOR, out, workers);
  }
}
