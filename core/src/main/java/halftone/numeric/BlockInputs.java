package halftone.numeric;

import java.util.List;

/// Inputs of a token rounded to signed integers under one scale for every block of channels, the
/// largest magnitude over the largest code: to eight bits in some blocks, to `bits` in the others
/// (COMET, arXiv 2410.12168). Codes are the nearest, ties to even; a block of zeros stays zero.
///
/// @param block channels under one scale
/// @param bits 2 to 8
/// @param eightBits places of the blocks that keep eight bits, ascending
public record BlockInputs(int block, int bits, List<Integer> eightBits) implements InputRounding {
  private static final int MOST = 8;

  public BlockInputs {
    if (block < 1 || bits < 2 || bits > MOST) {
      throw new IllegalArgumentException("blocks of %d in %d bits".formatted(block, bits));
    }
    eightBits = List.copyOf(eightBits);
  }

  /// The largest code of so many bits.
  public static int largestCode(int bits) {
    return (1 << bits - 1) - 1;
  }

  /// Rounds the inputs of one token, `columns` values from `values[at]`.
  ///
  /// @throws IllegalArgumentException when they are no whole number of blocks, or have no eight-bit
  ///   block at one of the places
  /// @throws ArithmeticException when one of them is NaN or infinite
  public void round(float[] values, int at, int columns) {
    requireWhole(columns);
    for (int place = 0; place < columns / block; place++) {
      int largest = largestCode(eightBits.contains(place) ? MOST : bits);
      roundBlock(values, at + place * block, largest);
    }
  }

  private void requireWhole(int columns) {
    if (columns % block != 0) {
      throw new IllegalArgumentException(
          "%d inputs are no whole number of blocks of %d; choose blocks that divide them"
              .formatted(columns, block));
    }
    if (!eightBits.isEmpty() && eightBits.getLast() >= columns / block) {
      throw new IllegalArgumentException(
          "%d inputs have no block %d of %d".formatted(columns, eightBits.getLast(), block));
    }
  }

  private void roundBlock(float[] values, int from, int largest) {
    float scale = scale(values, from, block, largest);
    float inverse = inverse(scale);
    for (int i = from; i < from + block; i++) {
      values[i] = code(values[i], inverse) * scale;
    }
  }

  /// The scale of `count` values from `values[from]`; 0 where all are zero.
  ///
  /// @throws ArithmeticException when one of them is NaN or infinite
  public static float scale(float[] values, int from, int count, int largest) {
    float magnitude = 0;
    for (int i = from; i < from + count; i++) {
      magnitude = Math.max(magnitude, Math.abs(values[i]));
    }
    if (!Float.isFinite(magnitude)) {
      throw new ArithmeticException("an input of a product is " + magnitude);
    }
    return magnitude / largest;
  }

  /// What values under this scale are multiplied by.
  public static float inverse(float scale) {
    return scale == 0 ? 0 : 1 / scale;
  }

  /// The code of a value. None is beyond the largest, as the scale was made for it.
  public static int code(float value, float inverse) {
    return (int) (value * inverse + Bits.MAGIC - Bits.MAGIC);
  }
}
