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
          new Plain("Q4_0", new BlockLayout(32, 18)),
          new Plain("Q4_1", new BlockLayout(32, 20)),
          new Plain("Q5_0", new BlockLayout(32, 22)),
          new Plain("Q5_1", new BlockLayout(32, 24)),
          new Plain("Q8_0", new BlockLayout(32, 34)),
          new Plain("Q2_K", new BlockLayout(256, 84)),
          new Plain("Q3_K", new BlockLayout(256, 110)),
          new Plain("Q4_K", new BlockLayout(256, 144)),
          new Plain("Q5_K", new BlockLayout(256, 176)),
          new Plain("Q6_K", new BlockLayout(256, 210)),
          new Plain("IQ2_XXS", new BlockLayout(256, 66)),
          new Plain("IQ2_XS", new BlockLayout(256, 74)),
          new Plain("IQ3_XXS", new BlockLayout(256, 98)),
          new Plain("IQ1_S", new BlockLayout(256, 50)),
          new Plain("IQ4_NL", new BlockLayout(32, 18)),
          new Plain("IQ3_S", new BlockLayout(256, 110)),
          new Plain("IQ2_S", new BlockLayout(256, 82)),
          new Plain("IQ4_XS", new BlockLayout(256, 136)),
          new Plain("I8", new BlockLayout(1, 1)),
          new Plain("I16", new BlockLayout(1, 2)),
          new Plain("I32", new BlockLayout(1, 4)),
          new Plain("I64", new BlockLayout(1, 8)),
          new Plain("F64", new BlockLayout(1, 8)),
          new Plain("IQ1_M", new BlockLayout(256, 56)),
          new Plain("BF16", new BlockLayout(1, 2)),
          new Plain("TQ1_0", new BlockLayout(256, 54)),
          new Plain("TQ2_0", new BlockLayout(256, 66)),
          new Plain("MXFP4", new BlockLayout(32, 17)),
          new Plain("NVFP4", new BlockLayout(64, 36)),
          new Plain("Q1_0", new BlockLayout(128, 18)),
          new Plain("Q2_0", new BlockLayout(64, 18)));

  public static NumberFormat named(String id) {
    for (NumberFormat f : ALL) {
      if (f.id().equals(id)) return f;
    }
    throw new IllegalArgumentException("no number format " + id);
  }
}
