package halftone.quantizer;

/// A Gram matrix that no amount of arithmetic can factor: too little or broken calibration data.
public final class NotPositiveDefiniteException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  NotPositiveDefiniteException(int column, double pivot) {
    super(
        "the Gram matrix is not positive definite: pivot %s at column %d".formatted(pivot, column));
  }
}
