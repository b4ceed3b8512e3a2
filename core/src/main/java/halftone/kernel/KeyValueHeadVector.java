package halftone.kernel;

import static halftone.kernel.MicroKernel.L;
import static halftone.kernel.MicroKernel.LANES;
import static halftone.kernel.MicroKernel.PANEL;
import static halftone.kernel.MicroKernel.STEP;
import static halftone.kernel.MicroKernel.STRIP;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// By the Vector API, heads of any size: keys stand as panels of eight positions; values as panels
/// of eight dimensions, a step being a position. The same packed product serves both.
final class KeyValueHeadVector extends KeyValueHead {
  private final int headSize;
  private final int length;
  private final float[] keyPanels;
  private final float[] valuePanels;

  KeyValueHeadVector(int headSize, int head, int length, Attention.KeyValues source) {
    this.headSize = headSize;
    this.length = length;
    this.keyPanels = new float[paddedLength() * headSize];
    this.valuePanels = new float[length * Math.ceilDiv(headSize, PANEL) * PANEL];
    float[] row = new float[headSize];
    for (int t = 0; t < length; t++) {
      source.key(head, t, row, 0);
      Panels.spread(row, 0, headSize, keyPanels, t / PANEL * PANEL * headSize + t % PANEL);
      source.value(head, t, row, 0);
      for (int d = 0; d < headSize; d += PANEL) {
        int count = Math.min(PANEL, headSize - d);
        System.arraycopy(row, d, valuePanels, d * length + t * PANEL, count);
      }
    }
  }

  @Override
  int width() {
    return STRIP;
  }

  @Override
  int paddedLength() {
    return Math.ceilDiv(length, PANEL) * PANEL;
  }

  @Override
  void scores(QueryStrip strip, int from, int seen) {
    float[] scores = strip.scores().array();
    Arrays.fill(scores, from * STRIP, Math.ceilDiv(seen, PANEL) * PANEL * STRIP, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment queries = aligned(arena, strip.lanes().segment(), 0, headSize);
      for (int key = from; key < seen; key += PANEL) {
        MicroKernel.multiply(queries, 0, keyPanels, key * headSize, headSize, scores, key * STRIP);
      }
    }
  }

  @Override
  void powers(QueryStrip strip, int from, int seen, float factor) {
    powers(strip, from, seen, factor, 0);
    powers(strip, from, seen, factor, L);
  }

  /// Those of `L` queries, from one on.
  private static void powers(QueryStrip strip, int from, int seen, float scale, int lane) {
    float[] scores = strip.scores().array();
    FloatVector highest = FloatVector.fromArray(LANES, scores, from * STRIP + lane);
    for (int key = from + 1; key < seen; key++) {
      FloatVector other = FloatVector.fromArray(LANES, scores, key * STRIP + lane);
      // The vectors' own maximum minds the sign of zero, which makes no difference here.
      highest = highest.blend(other, other.compare(VectorOperators.GT, highest));
    }
    FloatVector shift = highest.mul(-scale);
    FloatVector factor = FloatVector.broadcast(LANES, scale);
    FloatVector sum = FloatVector.zero(LANES);
    for (int key = from; key < seen; key++) {
      FloatVector score = FloatVector.fromArray(LANES, scores, key * STRIP + lane);
      FloatVector p = Exponential.of(score.fma(factor, shift));
      p.intoArray(scores, key * STRIP + lane);
      sum = sum.add(p);
    }
    sum.intoArray(strip.sums().array(), lane);
  }

  @Override
  void mix(QueryStrip strip, int from, int seen) {
    float[] mixed = strip.mixed().array();
    float[] sums = new float[MicroKernel.SUMS];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment powers = aligned(arena, strip.scores().segment(), from, seen - from);
      for (int d = 0; d < headSize; d += PANEL) {
        Arrays.fill(sums, 0);
        MicroKernel.multiply(
            powers, 0, valuePanels, d * length + from * PANEL, seen - from, sums, 0);
        int count = Math.min(PANEL, headSize - d);
        for (int t = 0; t < STRIP; t++) {
          for (int i = 0; i < count; i++) {
            mixed[t * headSize + d + i] = sums[i * STRIP + t];
          }
        }
      }
    }
  }

  /// Some steps of a strip as [MicroKernel] wants them.
  private static MemorySegment aligned(Arena arena, MemorySegment strip, int from, int steps) {
    MemorySegment copy = MicroKernel.strip(arena, steps);
    MemorySegment.copy(strip, from * STEP, copy, 0, steps * STEP);
    return copy;
  }
}
