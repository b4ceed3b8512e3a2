package halftone.hardware;

import halftone.numeric.ElementFormat;

/// A multiply-accumulate unit whose sums are exact, as the cost model of arXiv 2311.12359 has it:
/// the accumulator holds every dot product of so many terms. Its width grows by a power of two with
/// the exponent's bits, which is what small floats pay for in hardware.
///
/// The published areas come from synthesis for one device. [#cells] is a proxy for them, so that
/// formats can be ranked.
///
/// @param length terms of a dot product
public record MacUnit(ElementFormat weights, ElementFormat inputs, int length) {
  public MacUnit {
    if (length < 1) {
      throw new IllegalArgumentException("a dot product has terms, not " + length);
    }
  }

  /// Bits of the accumulator, sign included: those of both magnitudes, ⌈log₂ length⌉ and one. With
  /// e bits of exponent and m of mantissa a magnitude has 2^e + m − 1 bits, which makes the paper's
  /// 2^e_a + m_a + 2^e_b + m_b + ⌈log₂ n⌉ − 1; an integer's is one bit less than its width.
  ///
  /// @throws IllegalArgumentException for a format whose numbers are no multiples of a unit
  public int accumulatorBits() {
    return FixedPoint.of(weights).magnitudeBits()
        + FixedPoint.of(inputs).magnitudeBits()
        + ceilLog2(length)
        + 1;
  }

  /// One-bit cells of a proxy: the array of the multiplier, a shifter that brings the product to
  /// its place, one cell a bit and doubling of the places, and the accumulator's adder.
  public long cells() {
    FixedPoint a = FixedPoint.of(weights);
    FixedPoint b = FixedPoint.of(inputs);
    int width = accumulatorBits();
    int places = a.places() + b.places() - 1;
    return (long) a.significandBits() * b.significandBits()
        + (long) width * ceilLog2(places)
        + width;
  }

  private static int ceilLog2(int n) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(n - 1);
  }
}
