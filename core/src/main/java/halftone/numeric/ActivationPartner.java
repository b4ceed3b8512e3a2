package halftone.numeric;

import java.util.Map;

/// What llama.cpp rounds activations to before it multiplies them with weights of a format: one
/// partner for each weight format, never a table of pairs (ggml's `vec_dot_type`).
///
/// "Running a file as llama.cpp does" is: round the activations by the partner, decode the weights,
/// multiply in f32. The products agree up to summation order, except that Q8_1 lets llama.cpp
/// multiply the min by a sum that was itself rounded to 16 bits.
public enum ActivationPartner implements InputRounding {
  /// Activations stay float32.
  NONE(1) {
    @Override
    void roundBlock(float[] row, int at) {}
  },
  /// Nearest binary16, ties to even.
  F16(1) {
    @Override
    void roundBlock(float[] row, int at) {
      row[at] = toHalfAndBack(row[at]);
    }
  },
  /// Nearest bfloat16, ties to even.
  BF16(1) {
    @Override
    void roundBlock(float[] row, int at) {
      row[at] = Bf16.nearest(row[at]);
    }
  },
  /// Blocks of 32 under d = max/127, which is stored in 16 bits after the codes were settled by
  /// 127/max.
  Q8_0(32) {
    @Override
    void roundBlock(float[] row, int at) {
      roundBy16BitScale(row, at);
    }
  },
  /// As Q8_0.
  Q8_1(32) {
    @Override
    void roundBlock(float[] row, int at) {
      roundBy16BitScale(row, at);
    }
  },
  /// Blocks of 256 under a 32-bit d that makes the value of largest magnitude −127.
  Q8_K(256) {
    @Override
    void roundBlock(float[] row, int at) {
      roundBy32BitScale(row, at);
    }
  };

  private static final Map<String, ActivationPartner> BY_FORMAT =
      Map.ofEntries(
          Map.entry("F32", NONE),
          Map.entry("F16", F16),
          Map.entry("BF16", BF16),
          Map.entry("Q1_0", Q8_0),
          Map.entry("Q2_0", Q8_0),
          Map.entry("Q4_0", Q8_0),
          Map.entry("Q4_1", Q8_1),
          Map.entry("Q5_0", Q8_0),
          Map.entry("Q5_1", Q8_1),
          Map.entry("Q8_0", Q8_0),
          Map.entry("Q2_K", Q8_K),
          Map.entry("Q3_K", Q8_K),
          Map.entry("Q4_K", Q8_K),
          Map.entry("Q5_K", Q8_K),
          Map.entry("Q6_K", Q8_K),
          Map.entry("IQ1_S", Q8_K),
          Map.entry("IQ1_M", Q8_K),
          Map.entry("IQ2_XXS", Q8_K),
          Map.entry("IQ2_XS", Q8_K),
          Map.entry("IQ2_S", Q8_K),
          Map.entry("IQ3_XXS", Q8_K),
          Map.entry("IQ3_S", Q8_K),
          Map.entry("IQ4_NL", Q8_0),
          Map.entry("IQ4_XS", Q8_K),
          Map.entry("TQ1_0", Q8_K),
          Map.entry("TQ2_0", Q8_K),
          Map.entry("MXFP4", Q8_0),
          Map.entry("NVFP4", Q8_0));

  private final int block;

  ActivationPartner(int block) {
    this.block = block;
  }

  /// The partner of a weight format.
  ///
  /// @throws IllegalArgumentException when llama.cpp multiplies no weights of that format
  public static ActivationPartner of(NumberFormat weights) {
    ActivationPartner partner = BY_FORMAT.get(weights.id());
    if (partner == null) {
      throw new IllegalArgumentException(
          weights.id() + " is no format of weights that are multiplied");
    }
    return partner;
  }

  /// How many neighbouring activations share a scale.
  public int block() {
    return block;
  }

  /// Replaces `columns` activations, a whole number of blocks, from `row[at]` by what llama.cpp's
  /// x86 kernels multiply with. NaN and infinities give unspecified values, as they do there.
  public void round(float[] row, int at, int columns) {
    if (columns % block != 0) {
      throw new IllegalArgumentException(
          "%d activations are not whole blocks of %d, as %s needs".formatted(columns, block, this));
    }
    for (int i = 0; i < columns; i += block) {
      roundBlock(row, at + i);
    }
  }

  abstract void roundBlock(float[] row, int at);

  private static float toHalfAndBack(float x) {
    return Float.float16ToFloat(Float.floatToFloat16(x));
  }

  private static void roundBy16BitScale(float[] row, int at) {
    float max = 0;
    for (int i = at; i < at + 32; i++) {
      max = Math.max(max, Math.abs(row[i]));
    }
    float d = toHalfAndBack(max / 127);
    float inverse = max != 0 ? 127 / max : 0;
    for (int i = at; i < at + 32; i++) {
      row[i] = d * ((row[i] * inverse + Bits.MAGIC) - Bits.MAGIC);
    }
  }

  private static void roundBy32BitScale(float[] row, int at) {
    float magnitude = 0;
    float max = 0;
    for (int i = at; i < at + 256; i++) {
      float a = Math.abs(row[i]);
      if (a > magnitude) {
        magnitude = a;
        max = row[i];
      }
    }
    if (max == 0) {
      return;
    }
    float inverse = -127 / max;
    float d = 1 / inverse;
    for (int i = at; i < at + 256; i++) {
      row[i] = d * Math.min(127, (row[i] * inverse + Bits.MAGIC) - Bits.MAGIC);
    }
  }
}
