package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A format whose rows are cut into blocks that are read one by one.
abstract class BlockFormat implements NumberFormat {
  private final String id;
  private final BlockLayout layout;

  BlockFormat(String id, int weights, int bytes) {
    this.id = id;
    this.layout = new BlockLayout(weights, bytes);
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final BlockLayout layout() {
    return layout;
  }

  /// Decodes the block in `block`, exactly `layout().bytes()` long, into `out[at …]`.
  abstract void decodeBlock(byte[] block, float[] out, int at);

  @Override
  public final void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    layout.bytesOf(count);
    byte[] block = new byte[layout.bytes()];
    for (int done = 0; done < count; done += layout.weights()) {
      MemorySegment.copy(in, ValueLayout.JAVA_BYTE, offset, block, 0, block.length);
      decodeBlock(block, out, at + done);
      offset += block.length;
    }
  }

  /// The block at byte `at`, in an array of its own.
  final byte[] block(MemorySegment in, long at) {
    byte[] block = new byte[layout.bytes()];
    MemorySegment.copy(in, ValueLayout.JAVA_BYTE, at, block, 0, block.length);
    return block;
  }

  @Override
  public final String toString() {
    return id;
  }
}
