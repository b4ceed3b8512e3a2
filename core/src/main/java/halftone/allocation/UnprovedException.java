package halftone.allocation;

/// Nothing that fits was found, and the search was too narrow to prove that nothing does.
public final class UnprovedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnprovedException(int width) {
    super(
        "no choice within all budgets was found, nor a proof that there is none, with a width of"
            + " %d; raise one budget or the width".formatted(width));
  }
}
