package halftone.allocation;

/// Something the choice spends: bytes, nanoseconds, bit operations.
///
/// @param name unit of measure as an error message should print it, for example `bytes`
/// @param cost `cost[unit][option]`, not negative
/// @param limit the most that all units together may spend
public record Resource(String name, long[][] cost, long limit) {
  public Resource {
    cost = copyOf(name, cost);
  }

  private static long[][] copyOf(String name, long[][] cost) {
    long[][] copy = new long[cost.length][];
    long largest = 0;
    for (int unit = 0; unit < cost.length; unit++) {
      copy[unit] = cost[unit].clone();
      long most = 0;
      for (int option = 0; option < copy[unit].length; option++) {
        if (copy[unit][option] < 0) {
          throw new IllegalArgumentException(
              "%s of unit %d, option %d is %d; costs must not be negative"
                  .formatted(name, unit, option, copy[unit][option]));
        }
        most = Math.max(most, copy[unit][option]);
      }
      largest = Math.addExact(largest, most);
    }
    return copy;
  }

  /// What a choice spends, in exact integers.
  public long used(int[] choice) {
    long sum = 0;
    for (int unit = 0; unit < cost.length; unit++) {
      sum += cost[unit][choice[unit]];
    }
    return sum;
  }

  /// The same costs under another limit.
  public Resource within(long newLimit) {
    return new Resource(name, cost, newLimit);
  }
}
