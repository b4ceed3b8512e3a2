package halftone.transform;

import halftone.model.Model;
import halftone.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
    return RewrittenTensors.in(
        model,
        rows.keySet(),
        columns.keySet(),
        tensor ->
            new PermutedWeight(
                tensor,
                rows.getOrDefault(tensor.name(), rowsAsTheyAre(tensor.name())),
                columns.getOrDefault(tensor.name(), columnsAsTheyAre(tensor.name()))));
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
    return Objects.requireNonNull(model.tensors().get(name), name).shape();
  }
}
