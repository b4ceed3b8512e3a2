package halftone.bench.claims;

import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// He et al. (arXiv 2601.16536): when 4-bit weights become floats in memory before they are
/// multiplied, the way through memory costs, not the arithmetic. Panels decoded into scratch of
/// some sizes, one for each thread, then multiplied from there, beside the product that takes codes
/// apart in registers: the same arithmetic without the way.
final class WeightTraffic {
  private static final int OUTPUTS = FusedProduct.OUTPUTS;
  private static final int INPUTS = FusedProduct.INPUTS;

  /// Codes read; floats written, which reads them first; floats read.
  private static final double BYTES_SPILLED = 0.5 + 8 + 4;

  private WeightTraffic() {}

  static void measure(Workers workers) {
    try (Arena arena = Arena.ofShared()) {
      FloatMatrix matrix = new FloatMatrix(OUTPUTS, INPUTS, arena, workers);
      int each = matrix.panels() / workers.count();
      MemorySegment scratch = arena.allocate(matrix.panels() * matrix.floatBytes(), 64);
      for (int rows : new int[] {1, 8}) {
        MemorySegment x = matrix.inputs(rows, arena);
        MemorySegment out = arena.allocate((long) rows * OUTPUTS * Float.BYTES, 64);
        Turns turns = new Turns();
        for (int tile : new int[] {1, 4, 64, each}) {
          turns.side(
              name(tile, matrix), () -> decoupled(matrix, scratch, tile, x, rows, out, workers));
        }
        turns.side("registers", () -> matrix.fused(x, rows, out, workers));
        Turns.Medians took = turns.medians();
        System.out.printf("%d rows, scratch of a thread:", rows);
        took.seconds()
            .forEach((name, seconds) -> System.out.printf("  %s %.1f ms", name, 1e3 * seconds));
        double spilled = took.of(name(each, matrix));
        System.out.printf(
            "%n  memory ÷ cache %.2f, memory ÷ registers %.2f; %.1f GB/s at %.1f bytes a weight%n",
            spilled / took.of(name(1, matrix)),
            spilled / took.of("registers"),
            BYTES_SPILLED * OUTPUTS * INPUTS / spilled / 1e9,
            BYTES_SPILLED);
      }
    }
  }

  private static String name(int tile, FloatMatrix matrix) {
    return "%.1f MB".formatted(tile * matrix.floatBytes() / 1e6);
  }

  /// Each worker decodes some of its panels, multiplies with them, and goes on.
  private static void decoupled(
      FloatMatrix matrix,
      MemorySegment scratch,
      int tile,
      MemorySegment x,
      int rows,
      MemorySegment out,
      Workers workers) {
    int each = matrix.panels() / workers.count();
    workers.forEach(
        workers.count(),
        worker -> {
          long own = scratch.address() + worker * each * matrix.floatBytes();
          for (int first = 0; first < each; first += tile) {
            for (int i = 0; i < tile; i++) {
              matrix.decode(worker * each + first + i, own + i * matrix.floatBytes());
            }
            for (int i = 0; i < tile; i++) {
              int panel = worker * each + first + i;
              matrix.dense(own + i * matrix.floatBytes(), panel, x, rows, out);
            }
          }
        });
  }
}
