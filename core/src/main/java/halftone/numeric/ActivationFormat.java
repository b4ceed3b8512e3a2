package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A block format that only activations are written in; it never appears in a file.
abstract class ActivationFormat extends BlockFormat {
  ActivationFormat(String id, int weights, int bytes) {
    super(id, weights, bytes);
  }

  /// Encodes the block in `x` into `block`, every byte.
  abstract void encodeBlock(float[] x, int at, byte[] block);

  /// Encodes `count` values, a whole number of blocks, from `x[at …]` to byte `offset` of `out`, as
  /// the reference does.
  final void encode(float[] x, int at, int count, MemorySegment out, long offset) {
    layout().bytesOf(count);
    byte[] block = new byte[layout().bytes()];
    for (int done = 0; done < count; done += layout().weights()) {
      encodeBlock(x, at + done, block);
      MemorySegment.copy(block, 0, out, ValueLayout.JAVA_BYTE, offset, block.length);
      offset += block.length;
    }
  }
}
