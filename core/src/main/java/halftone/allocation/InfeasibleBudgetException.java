package halftone.allocation;

import java.util.Locale;

/// No choice fits a budget.
public final class InfeasibleBudgetException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String resource;
  private final long limit;
  private final long smallest;

  public InfeasibleBudgetException(String resource, long limit, long smallest) {
    super(
        String.format(
            Locale.ROOT,
            "no choice fits %,d %s; the smallest reachable is %,d, %,d more",
            limit,
            resource,
            smallest,
            smallest - limit));
    this.resource = resource;
    this.limit = limit;
    this.smallest = smallest;
  }

  public String resource() {
    return resource;
  }

  public long limit() {
    return limit;
  }

  /// The smallest cost that a choice reaches: of all choices when that alone is above the limit,
  /// otherwise of those within the other budgets (of these, the ones still in play when three
  /// exclude each other).
  public long smallest() {
    return smallest;
  }
}
