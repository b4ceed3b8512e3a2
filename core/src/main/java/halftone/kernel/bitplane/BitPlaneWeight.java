package halftone.kernel.bitplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// A weight as bit planes of bipolar codes ([BitPlaneProduct]), as many bits a weight as its codes
/// have: blocks of sixteen rows side by side, plane by plane, word by word, so that a vector brings
/// a word of eight rows. Missing rows of the last block are zeros.
public final class BitPlaneWeight {
  /// Rows of a block.
  static final int BLOCK = 16;

  private static final int ALIGNMENT = 64;

  private final PlaneShape shape;
  private final MemorySegment planes;
  private final long[] sums;
  private final float[] scales;

  private BitPlaneWeight(PlaneShape shape, MemorySegment planes) {
    this.shape = shape;
    this.planes = planes;
    this.sums = new long[blocks() * BLOCK * shape.groups()];
    this.scales = new float[sums.length];
  }

  /// @param codes {rows × columns}, unsigned
  /// @param group columns that share a scale: a multiple of 64, or all
  /// @param scales {rows × groups}
  /// @param arena of the planes' memory, which must be shared where workers multiply
  public static BitPlaneWeight of(
      byte[] codes, int rows, int columns, int bits, int group, float[] scales, Arena arena) {
    PlaneShape shape = new PlaneShape(rows, columns, bits, group);
    if (codes.length != (long) rows * columns || scales.length != rows * shape.groups()) {
      throw new IllegalArgumentException(
          "%d codes and %d scales for %d rows of %d in groups of %d"
              .formatted(codes.length, scales.length, rows, columns, group));
    }
    int words = shape.words();
    long bytes = (long) Math.ceilDiv(rows, BLOCK) * BLOCK * bits * words * Long.BYTES;
    BitPlaneWeight weight = new BitPlaneWeight(shape, arena.allocate(bytes, ALIGNMENT));
    long[] block = new long[BLOCK * bits * words];
    for (int first = 0; first < rows; first += BLOCK) {
      Arrays.fill(block, 0);
      for (int row = first; row < Math.min(rows, first + BLOCK); row++) {
        for (int bit = 0; bit < bits; bit++) {
          int word = bit * words * BLOCK + row - first;
          BitPlanes.extract(codes, row * columns, columns, bit, block, word, BLOCK);
        }
        weight.take(codes, scales, row, first);
      }
      long to = (long) first / BLOCK * block.length * Long.BYTES;
      MemorySegment.copy(block, 0, weight.planes, ValueLayout.JAVA_LONG, to, block.length);
    }
    return weight;
  }

  private void take(byte[] codes, float[] scales, int row, int first) {
    for (int g = 0; g < shape.groups(); g++) {
      int at = lane(first, g) + row - first;
      int from = row * shape.columns() + g * shape.group();
      sums[at] = BitPlanes.sum(codes, from, shape.columnsOf(g));
      this.scales[at] = scales[row * shape.groups() + g];
    }
  }

  PlaneShape shape() {
    return shape;
  }

  public int columns() {
    return shape.columns();
  }

  int blocks() {
    return Math.ceilDiv(shape.rows(), BLOCK);
  }

  MemorySegment planes() {
    return planes;
  }

  /// Where a plane of a block begins, in bytes.
  long at(int block, int bit) {
    return ((long) block * shape.bits() + bit) * shape.words() * BLOCK * Long.BYTES;
  }

  /// Where the numbers of a block's sixteen rows and a group begin in [#sums] and [#scales].
  ///
  /// @param row the block's first
  int lane(int row, int group) {
    return row * shape.groups() + group * BLOCK;
  }

  /// Sums of unsigned codes.
  long[] sums() {
    return sums;
  }

  float[] scales() {
    return scales;
  }
}
