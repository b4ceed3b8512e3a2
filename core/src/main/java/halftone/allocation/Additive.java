package halftone.allocation;

/// The sum over units of `table[unit][option]`. Losses may be negative (measured differences are)
/// and need not fall as options grow; they must be finite.
public record Additive(double[][] table) implements Objective {
  public Additive {
    if (table.length == 0) {
      throw new IllegalArgumentException("nothing to allocate: the loss table has no units");
    }
    table = copyOf(table);
  }

  private static double[][] copyOf(double[][] table) {
    double[][] copy = new double[table.length][];
    for (int unit = 0; unit < table.length; unit++) {
      copy[unit] = table[unit].clone();
      if (copy[unit].length == 0) {
        throw new IllegalArgumentException("unit " + unit + " has no options");
      }
      for (int option = 0; option < copy[unit].length; option++) {
        if (!Double.isFinite(copy[unit][option])) {
          throw new IllegalArgumentException(
              "loss of unit %d, option %d is %s; losses must be finite"
                  .formatted(unit, option, copy[unit][option]));
        }
      }
    }
    return copy;
  }

  @Override
  public double loss(int[] choice) {
    double sum = 0;
    for (int unit = 0; unit < table.length; unit++) {
      sum += table[unit][choice[unit]];
    }
    return sum;
  }

  @Override
  public int[] options() {
    int[] counts = new int[table.length];
    for (int unit = 0; unit < table.length; unit++) {
      counts[unit] = table[unit].length;
    }
    return counts;
  }
}
