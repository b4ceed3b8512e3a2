package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Eight-bit floats of checkpoints, read only (Micikevicius et al. 2022, arXiv 2209.05433).
record Fp8(ElementFormat element) implements NumberFormat {
  static final Fp8 E4M3 = new Fp8(ElementFormat.F8_E4M3);
  static final Fp8 E5M2 = new Fp8(ElementFormat.F8_E5M2);

  @Override
  public String id() {
    return element.id();
  }

  @Override
  public BlockLayout layout() {
    return new BlockLayout(1, 1);
  }

  @Override
  public void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out[at + i] = element.value(in.get(ValueLayout.JAVA_BYTE, offset + i) & 0xFF);
    }
  }

  @Override
  public String toString() {
    return element.id();
  }
}
