package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// LOCAL STAND-IN until branch numeric is merged.
public final class NumberFormats {
  private NumberFormats() {}

  private record Plain(String id, BlockLayout layout) implements NumberFormat {
    @Override
    public void decode(MemorySegment in, long offset, float[] out, int at, int count) {
      for (int i = 0; i < count; i++) {
        out[at + i] = Float.intBitsToFloat(
            in.get(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, offset + 4L * i));
      }
    }
  }

  public static final List<NumberFormat> ALL =
      List.of(
          new Plain("F32", new BlockLayout(1, 4)),
          new Plain("F16", new BlockLayout(1, 2)),
          new Plain("BF16", new BlockLayout(1, 2)),
          new Plain("Q8_0", new BlockLayout(32, 34)),
          new Plain("Q4_1", new BlockLayout(32, 20)));

  public static NumberFormat named(String id) {
    for (NumberFormat f : ALL) {
      if (f.id().equals(id)) return f;
    }
    throw new IllegalArgumentException("no number format " + id);
  }
}
