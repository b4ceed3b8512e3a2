package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The scales of grid types: two four-bit codes a byte, low first.
final class ScaleNibbles {
  private ScaleNibbles() {}

  /// Reads `count` codes, an even number, from byte `at` into `out[first …]`.
  static void read(MemorySegment in, long at, byte[] out, int first, int count) {
    for (int i = 0; i < count; i++) {
      out[first + i] = (byte) (in.get(ValueLayout.JAVA_BYTE, at + i / 2) >> 4 * (i & 1) & 15);
    }
  }

  /// Writes `count` codes, an even number, from `codes[first …]` to byte `at`.
  static void write(byte[] codes, int first, int count, MemorySegment out, long at) {
    for (int i = 0; i < count; i += 2) {
      int pair = codes[first + i] | codes[first + i + 1] << 4;
      out.set(ValueLayout.JAVA_BYTE, at + i / 2, (byte) pair);
    }
  }
}
