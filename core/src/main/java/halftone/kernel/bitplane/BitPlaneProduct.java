package halftone.kernel.bitplane;

import static halftone.kernel.bitplane.BitPlaneWeight.BLOCK;

import halftone.workers.Workers;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Products of bipolar codes of any widths by popcounts of their planes: bit i of a code u of n
/// bits counts +2^i or −2^i, so that it stands for v = 2u − (2^n − 1). With a = 2^n − 1, c = 2^m −
/// 1 and K columns,
///
/// Σ v·w = K·a·c − 2 Σ 2^(i+j) popcount(W_i xor X_j) = 4 Σ 2^(i+j) popcount(W_i and X_j) − 2c Σ u_w
/// − 2a Σ u_x + K·a·c.
///
/// Sums are exact in 64 bits; each group's is multiplied with its scales and added in float32, in
/// the order of the groups.
///
/// Source: Ma et al., arXiv 2409.17870.
public final class BitPlaneProduct {
  private static final VectorSpecies<Long> LANES = LongVector.SPECIES_PREFERRED;
  private static final int L = LANES.length();

  /// Rows of inputs that go through a block together.
  private static final int TILE = 4;

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /// How two planes meet. Both give the same sums.
  public enum Form {
    /// Bits that differ.
    XOR,
    /// Bits that are both 1: also for codes with a zero point, and masks.
    AND
  }

  private final BitPlaneRows x;
  private final BitPlaneWeight weight;
  private final Form form;

  private BitPlaneProduct(BitPlaneRows x, BitPlaneWeight weight, Form form) {
    PlaneShape inputs = x.shape();
    PlaneShape outputs = weight.shape();
    if (inputs.columns() != outputs.columns() || inputs.group() != outputs.group()) {
      throw new IllegalArgumentException(
          "rows of %d in groups of %d do not go through a weight of %d in groups of %d"
              .formatted(inputs.columns(), inputs.group(), outputs.columns(), outputs.group()));
    }
    this.x = x;
    this.weight = weight;
    this.form = form;
  }

  /// C\[m×n\] = X\[m×k\] · W\[n×k\]ᵀ with all scales.
  ///
  /// @param out at least m × n floats, overwritten
  public static void multiply(
      BitPlaneRows x, BitPlaneWeight weight, Form form, float[] out, Workers workers) {
    Arrays.fill(out, 0, x.shape().rows() * weight.shape().rows(), 0);
    float[] scales = weight.scales();
    new BitPlaneProduct(x, weight, form)
        .each(
            workers,
            (row, group, sums, from, to, at) -> {
              float scale = x.scale(row, group);
              for (int lane = 0; lane < to - from; lane++) {
                out[row * weight.shape().rows() + from + lane] +=
                    sums[at + lane] * scale * scales[weight.lane(from, group) + lane];
              }
            });
  }

  /// The same without scales, in integers.
  ///
  /// @param out at least m × n, overwritten
  public static void sums(
      BitPlaneRows x, BitPlaneWeight weight, Form form, long[] out, Workers workers) {
    Arrays.fill(out, 0, x.shape().rows() * weight.shape().rows(), 0);
    new BitPlaneProduct(x, weight, form)
        .each(
            workers,
            (row, group, sums, from, to, at) -> {
              for (int lane = 0; lane < to - from; lane++) {
                out[row * weight.shape().rows() + from + lane] += sums[at + lane];
              }
            });
  }

  /// Takes the sums of a row of inputs, a group, and the weight's rows from `from` to `to`.
  private interface Sink {
    void add(int row, int group, long[] sums, int from, int to, int at);
  }

  private void each(Workers workers, Sink sink) {
    workers.forEach(
        weight.blocks(),
        block -> {
          long[] counts = new long[TILE * BLOCK];
          int from = block * BLOCK;
          int to = Math.min(weight.shape().rows(), from + BLOCK);
          for (int row = 0; row < x.shape().rows(); ) {
            int count = x.shape().rows() - row >= TILE ? TILE : 1;
            for (int group = 0; group < weight.shape().groups(); group++) {
              count(block, row, count, group, counts);
              for (int t = 0; t < count; t++) {
                sum(block, row + t, group, counts, t * BLOCK);
                sink.add(row + t, group, counts, from, to, t * BLOCK);
              }
            }
            row += count;
          }
        });
  }

  /// Popcounts of a row become sums of products.
  private void sum(int block, int row, int group, long[] counts, int at) {
    long columns = weight.shape().columnsOf(group);
    long a = (1L << weight.shape().bits()) - 1;
    long c = (1L << x.shape().bits()) - 1;
    long all = columns * a * c;
    if (form == Form.XOR) {
      for (int lane = 0; lane < BLOCK; lane++) {
        counts[at + lane] = all - 2 * counts[at + lane];
      }
      return;
    }
    long inputs = 2 * a * x.sum(row, group);
    long[] sums = weight.sums();
    int first = weight.lane(block * BLOCK, group);
    for (int lane = 0; lane < BLOCK; lane++) {
      counts[at + lane] = all - inputs + 4 * counts[at + lane] - 2 * c * sums[first + lane];
    }
  }

  /// Popcounts of a group times their powers of two, {rows × sixteen}.
  private void count(int block, int row, int count, int group, long[] counts) {
    int first = weight.shape().firstWord(group);
    int words = weight.shape().wordsOf(group);
    Arrays.fill(counts, 0);
    for (int i = 0; i < weight.shape().bits(); i++) {
      long at = weight.at(block, i) + (long) first * BLOCK * Long.BYTES;
      for (int j = 0; j < x.shape().bits(); j++) {
        for (int lane = 0; lane < BLOCK; lane += 2 * L) {
          long from = at + (long) lane * Long.BYTES;
          if (count == TILE) {
            fourRows(from, row, j, first, words, counts, lane, i + j);
          } else {
            oneRow(from, x.at(row, j) + first, words, counts, lane, i + j);
          }
        }
      }
    }
  }

  /// Written out, as the compiler inlines no method but the JDK's own into a body of this size.
  private void fourRows(
      long from, int row, int bit, int first, int words, long[] counts, int lane, int power) {
    MemorySegment w = weight.planes();
    long[] inputs = x.planes();
    boolean isXor = form == Form.XOR;
    int x0 = x.at(row, bit) + first;
    int x1 = x.at(row + 1, bit) + first;
    int x2 = x.at(row + 2, bit) + first;
    int x3 = x.at(row + 3, bit) + first;
    LongVector a0 = LongVector.zero(LANES);
    LongVector a1 = LongVector.zero(LANES);
    LongVector a2 = LongVector.zero(LANES);
    LongVector a3 = LongVector.zero(LANES);
    LongVector b0 = LongVector.zero(LANES);
    LongVector b1 = LongVector.zero(LANES);
    LongVector b2 = LongVector.zero(LANES);
    LongVector b3 = LongVector.zero(LANES);
    for (int k = 0; k < words; k++) {
      long at = from + k * (BLOCK * (long) Long.BYTES);
      LongVector a = LongVector.fromMemorySegment(LANES, w, at, ORDER);
      LongVector b = LongVector.fromMemorySegment(LANES, w, at + L * Long.BYTES, ORDER);
      long p0 = inputs[x0 + k];
      long p1 = inputs[x1 + k];
      long p2 = inputs[x2 + k];
      long p3 = inputs[x3 + k];
      a0 =
          a0.add(
              (isXor ? a.lanewise(VectorOperators.XOR, p0) : a.and(p0))
                  .lanewise(VectorOperators.BIT_COUNT));
      a1 =
          a1.add(
              (isXor ? a.lanewise(VectorOperators.XOR, p1) : a.and(p1))
                  .lanewise(VectorOperators.BIT_COUNT));
      a2 =
          a2.add(
              (isXor ? a.lanewise(VectorOperators.XOR, p2) : a.and(p2))
                  .lanewise(VectorOperators.BIT_COUNT));
      a3 =
          a3.add(
              (isXor ? a.lanewise(VectorOperators.XOR, p3) : a.and(p3))
                  .lanewise(VectorOperators.BIT_COUNT));
      b0 =
          b0.add(
              (isXor ? b.lanewise(VectorOperators.XOR, p0) : b.and(p0))
                  .lanewise(VectorOperators.BIT_COUNT));
      b1 =
          b1.add(
              (isXor ? b.lanewise(VectorOperators.XOR, p1) : b.and(p1))
                  .lanewise(VectorOperators.BIT_COUNT));
      b2 =
          b2.add(
              (isXor ? b.lanewise(VectorOperators.XOR, p2) : b.and(p2))
                  .lanewise(VectorOperators.BIT_COUNT));
      b3 =
          b3.add(
              (isXor ? b.lanewise(VectorOperators.XOR, p3) : b.and(p3))
                  .lanewise(VectorOperators.BIT_COUNT));
    }
    add(a0, power, counts, lane);
    add(a1, power, counts, BLOCK + lane);
    add(a2, power, counts, 2 * BLOCK + lane);
    add(a3, power, counts, 3 * BLOCK + lane);
    add(b0, power, counts, lane + L);
    add(b1, power, counts, BLOCK + lane + L);
    add(b2, power, counts, 2 * BLOCK + lane + L);
    add(b3, power, counts, 3 * BLOCK + lane + L);
  }

  private void oneRow(long from, int input, int words, long[] counts, int lane, int power) {
    MemorySegment w = weight.planes();
    long[] inputs = x.planes();
    boolean isXor = form == Form.XOR;
    LongVector a0 = LongVector.zero(LANES);
    LongVector b0 = LongVector.zero(LANES);
    for (int k = 0; k < words; k++) {
      long at = from + k * (BLOCK * (long) Long.BYTES);
      LongVector a = LongVector.fromMemorySegment(LANES, w, at, ORDER);
      LongVector b = LongVector.fromMemorySegment(LANES, w, at + L * Long.BYTES, ORDER);
      long p = inputs[input + k];
      a0 =
          a0.add(
              (isXor ? a.lanewise(VectorOperators.XOR, p) : a.and(p))
                  .lanewise(VectorOperators.BIT_COUNT));
      b0 =
          b0.add(
              (isXor ? b.lanewise(VectorOperators.XOR, p) : b.and(p))
                  .lanewise(VectorOperators.BIT_COUNT));
    }
    add(a0, power, counts, lane);
    add(b0, power, counts, lane + L);
  }

  private static void add(LongVector sums, int power, long[] counts, int to) {
    LongVector.fromArray(LANES, counts, to)
        .add(sums.lanewise(VectorOperators.LSHL, power))
        .intoArray(counts, to);
  }
}
