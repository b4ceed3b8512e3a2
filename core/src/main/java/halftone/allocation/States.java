package halftone.allocation;

import java.util.Arrays;

/// Partial choices, one per row: what they lose and spend so far, and the state and option they
/// came from.
final class States {
  private final int resources;
  private int size;
  private double[] loss;
  private double[] bound;
  private int[] parent;
  private short[] option;
  private long[] spent;

  States(int resources, int capacity) {
    this.resources = resources;
    this.loss = new double[capacity];
    this.bound = new double[capacity];
    this.parent = new int[capacity];
    this.option = new short[capacity];
    this.spent = new long[capacity * resources];
  }

  int size() {
    return size;
  }

  double loss(int i) {
    return loss[i];
  }

  double bound(int i) {
    return bound[i];
  }

  int parent(int i) {
    return parent[i];
  }

  int option(int i) {
    return option[i];
  }

  long spent(int i, int resource) {
    return spent[i * resources + resource];
  }

  void add(double newLoss, double newBound, int newParent, int newOption, long[] newSpent) {
    if (size == loss.length) {
      grow(Math.max(16, size * 2));
    }
    loss[size] = newLoss;
    bound[size] = newBound;
    parent[size] = newParent;
    option[size] = (short) newOption;
    System.arraycopy(newSpent, 0, spent, size * resources, resources);
    size++;
  }

  private void grow(int capacity) {
    loss = Arrays.copyOf(loss, capacity);
    bound = Arrays.copyOf(bound, capacity);
    parent = Arrays.copyOf(parent, capacity);
    option = Arrays.copyOf(option, capacity);
    spent = Arrays.copyOf(spent, capacity * resources);
  }

  void clear() {
    size = 0;
  }

  /// By what is spent of each resource, then by loss.
  int compare(int a, int b) {
    for (int r = 0; r < resources; r++) {
      int order = Long.compare(spent(a, r), spent(b, r));
      if (order != 0) {
        return order;
      }
    }
    return Double.compare(loss[a], loss[b]);
  }

  /// Whether state `a` is at least as good as `b` in everything.
  boolean dominates(int a, int b) {
    boolean result = loss[a] <= loss[b];
    for (int r = 0; r < resources; r++) {
      result &= spent(a, r) <= spent(b, r);
    }
    return result;
  }

  /// The rows at `rows[0 … count)`, in that order.
  States select(int[] rows, int count) {
    States result = new States(resources, count);
    long[] costs = new long[resources];
    for (int i = 0; i < count; i++) {
      System.arraycopy(spent, rows[i] * resources, costs, 0, resources);
      result.add(loss[rows[i]], bound[rows[i]], parent[rows[i]], option[rows[i]], costs);
    }
    return result;
  }
}
