package halftone.transform;

import halftone.model.Model;
import halftone.tensor.ComputedRows;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Collects orders of rows and columns and makes the network with all of them applied.
final class Reordering {
  private final Map<String, int[]> rows = new LinkedHashMap<>();
  private final Map<String, int[]> columns = new LinkedHashMap<>();
  private final Model model;

  Reordering(Model model) {
    this.model = model;
  }

  /// Column i of a tensor becomes its column `order[i]`; of a vector, value i. The same order may
  /// come twice, as the table of an embedding may be the output's weight.
  ///
  /// @throws IllegalArgumentException when the columns have another order already
  void columns(String tensor, int[] order) {
    int[] known = columns.putIfAbsent(tensor, order);
    if (known != null && !Arrays.equals(known, order)) {
      throw new IllegalArgumentException("columns of " + tensor + " cannot have two orders");
    }
  }

  /// Rows `first …` of a linear layer, and the values of its bias.
  void rows(String weight, @Nullable String bias, int first, int[] order) {
    put(rows.computeIfAbsent(weight, this::rowsAsTheyAre), first, order);
    if (bias != null) {
      put(columns.computeIfAbsent(bias, this::columnsAsTheyAre), first, order);
    }
  }

  private static void put(int[] all, int first, int[] order) {
    for (int i = 0; i < order.length; i++) {
      all[first + i] = first + order[i];
    }
  }

  /// The same function with its channels in these orders.
  Model apply() {
    Set<String> names = new TreeSet<>(rows.keySet());
    names.addAll(columns.keySet());
    List<Tensor> changed = new ArrayList<>();
    for (String name : names) {
      changed.add(
          ComputedRows.tensor(
              name,
              new PermutedWeight(
                  tensor(name),
                  rows.getOrDefault(name, rowsAsTheyAre(name)),
                  columns.getOrDefault(name, columnsAsTheyAre(name)))));
    }
    return model.with(changed);
  }

  private int[] rowsAsTheyAre(String name) {
    return upTo(Math.toIntExact(shape(name).rows()));
  }

  private int[] columnsAsTheyAre(String name) {
    return upTo(shape(name).columns());
  }

  private static int[] upTo(int count) {
    int[] order = new int[count];
    Arrays.setAll(order, i -> i);
    return order;
  }

  private Shape shape(String name) {
    return tensor(name).shape();
  }

  private Tensor tensor(String name) {
    return Objects.requireNonNull(model.tensors().get(name), name);
  }
}
