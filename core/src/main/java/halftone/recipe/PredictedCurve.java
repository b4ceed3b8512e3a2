package halftone.recipe;

import halftone.allocation.Frontier;
import halftone.sensitivity.Menu;
import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// The frontier of a network's menus, as an outcome tells it: sizes of whole files, and formats as
/// changes from point to point.
///
/// @param menus the frontier's units, in its order
/// @param tensors of the file, in its order
record PredictedCurve(SequencedMap<String, Menu> menus, Frontier frontier, List<Tensor> tensors) {
  /// @param fixed bytes of the file beside the tensors with a menu
  List<Outcome.CurvePoint> points(long fixed) {
    List<Menu> units = new ArrayList<>(menus.values());
    int[] places = places(units);
    long[] bytes = tensors.stream().mapToLong(Tensor::byteSize).toArray();
    long elements = tensors.stream().mapToLong(tensor -> tensor.shape().elements()).sum();
    List<Outcome.CurvePoint> points = new ArrayList<>();
    long total = Arrays.stream(bytes).sum();
    for (int point = 0; point < frontier.size(); point++) {
      List<Outcome.Change> changes = new ArrayList<>();
      for (Frontier.Change change : frontier.changes(point)) {
        int tensor = places[change.unit()];
        total -= bytes[tensor];
        bytes[tensor] = units.get(change.unit()).bytes(change.option());
        total += bytes[tensor];
        changes.add(new Outcome.Change(tensor, change.option()));
      }
      points.add(
          new Outcome.CurvePoint(
              frontier.cost(point) + fixed, frontier.loss(point), 8.0 * total / elements, changes));
    }
    return points;
  }

  /// The tensor of each unit.
  private int[] places(List<Menu> units) {
    Map<String, Integer> place = new HashMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      place.put(tensors.get(i).name(), i);
    }
    return units.stream()
        .mapToInt(menu -> Objects.requireNonNull(place.get(menu.tensor().name())))
        .toArray();
  }
}
