package halftone.kernel.mixed;

/// How four-bit codes in two's complement become signed bytes.
public enum NibbleForm {
  /// Sixteen times the code: the nibble goes into the upper half of a byte, by one AND or a shift
  /// and an AND, and the scale is a sixteenth (COMET, arXiv 2410.12168).
  TIMES_SIXTEEN(16),

  /// The code itself, its sign extended.
  SIGN_EXTENDED(1);

  /// What the code is multiplied by.
  final int factor;

  NibbleForm(int factor) {
    this.factor = factor;
  }
}
