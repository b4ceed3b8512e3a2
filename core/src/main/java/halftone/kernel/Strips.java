package halftone.kernel;

import static halftone.kernel.MicroKernel.L;
import static halftone.kernel.MicroKernel.LANES;
import static halftone.kernel.MicroKernel.STEP;
import static halftone.kernel.MicroKernel.STRIP;
import static java.nio.ByteOrder.nativeOrder;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// Rows of a weight, or columns of activations, packed as strips: `STRIP` of them side by side,
/// step by step. Lanes that are missing in the last strip are zero. Lives as long as its arena.
final class Strips {
  private final MemorySegment memory;
  private final int lanes;
  private final int depth;

  /// Room for `lanes` rows of `depth` values.
  Strips(Arena arena, int lanes, int depth) {
    this.memory = MicroKernel.strip(arena, (long) Math.ceilDiv(lanes, STRIP) * depth);
    this.lanes = lanes;
    this.depth = depth;
  }

  /// Packs rows that begin `stride` apart in `rows`, from `rows[at]`.
  void packRows(float[] rows, int at, int stride) {
    float[] step = new float[STRIP];
    for (int strip = 0; strip < count(); strip++) {
      int first = strip * STRIP;
      int width = Math.min(STRIP, lanes - first);
      for (int k = 0; k < depth; k++) {
        for (int r = 0; r < width; r++) {
          step[r] = rows[at + (first + r) * stride + k];
        }
        store(step, 0, at(strip) + k * STEP);
      }
    }
  }

  /// Packs columns `firstColumn …` of a matrix of `width` columns, steps being its rows from row
  /// `from`.
  void packColumns(float[] values, int from, int width, int firstColumn) {
    float[] last = new float[STRIP];
    for (int strip = 0; strip < count(); strip++) {
      int first = strip * STRIP;
      int present = Math.min(STRIP, lanes - first);
      for (int k = 0; k < depth; k++) {
        int source = (from + k) * width + firstColumn + first;
        if (present == STRIP) {
          store(values, source, at(strip) + k * STEP);
        } else {
          System.arraycopy(values, source, last, 0, present);
          store(last, 0, at(strip) + k * STEP);
        }
      }
    }
  }

  private void store(float[] step, int from, long to) {
    FloatVector.fromArray(LANES, step, from).intoMemorySegment(memory, to, nativeOrder());
    FloatVector.fromArray(LANES, step, from + L)
        .intoMemorySegment(memory, to + STEP / 2, nativeOrder());
  }

  int count() {
    return Math.ceilDiv(lanes, STRIP);
  }

  int lanes() {
    return lanes;
  }

  MemorySegment memory() {
    return memory;
  }

  /// Where strip `strip` begins in [#memory].
  long at(int strip) {
    return (long) strip * depth * STEP;
  }
}
