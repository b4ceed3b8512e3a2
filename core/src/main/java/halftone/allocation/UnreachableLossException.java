package halftone.allocation;

/// No choice has a loss this small.
public final class UnreachableLossException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final double smallest;

  public UnreachableLossException(double wanted, double smallest) {
    super(
        "no choice has a loss of at most %s; the smallest reachable is %s"
            .formatted(wanted, smallest));
    this.smallest = smallest;
  }

  public double smallest() {
    return smallest;
  }
}
