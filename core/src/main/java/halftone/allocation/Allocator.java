package halftone.allocation;

import halftone.method.Method;

/// Chooses one option per unit within budgets.
public interface Allocator extends Method {
  /// The same problem gives the same choice on every run.
  ///
  /// @throws InfeasibleBudgetException when no choice fits, with the smallest reachable cost
  Allocation allocate(Problem problem);
}
