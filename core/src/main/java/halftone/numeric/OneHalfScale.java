package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A format whose blocks are integers under one binary16 scale.
interface OneHalfScale extends IntegerFormat {
  ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Where in the block the scale stands.
  default int scaleAt() {
    return 0;
  }

  @Override
  default void read(MemorySegment in, long at, IntegerBlock block) {
    block.group(0, Float.float16ToFloat(in.get(SHORT, at + scaleAt())), 0);
    block.integersOf(this, in, at);
  }
}
