package halftone.recipe;

import halftone.evidence.InputMeans;
import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.store.Key;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.text.Chunks;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Biases of zeros, filled with what rounding took from the mean outputs of their layers: b = (W −
/// Ŵ)·E\[x\], x the inputs in the original. See [halftone.transform.BiasSlots]; a bias that is not
/// zero is the network's own and stays.
final class FilledBiases {
  private FilledBiases() {}

  /// @param rounded the workshop's network with other weights
  static Model of(Workshop shop, Chunks calibration, Model rounded) {
    List<Op.Linear> empty = new ArrayList<>();
    for (Stage block : shop.model().blocks()) {
      for (Node node : block.nodes()) {
        if (node.op() instanceof Op.Linear linear && isEmpty(shop.model(), linear)) {
          empty.add(linear);
        }
      }
    }
    if (empty.isEmpty()) {
      return rounded;
    }
    if (!empty.stream().allMatch(linear -> shop.memo().has(key(shop, calibration, linear)))) {
      Map<String, double[]> means =
          InputMeans.of(shop.model(), calibration.tokens(), shop.workers());
      for (Op.Linear linear : empty) {
        shop.memo()
            .put(
                key(shop, calibration, linear), Objects.requireNonNull(means.get(linear.weight())));
      }
    }
    List<Tensor> filled =
        empty.stream()
            .map(
                linear ->
                    bias(
                        Objects.requireNonNull(linear.bias()),
                        tensor(shop.model(), linear.weight()),
                        tensor(rounded, linear.weight()),
                        shop.memo().numbers(key(shop, calibration, linear)),
                        shop.workers()))
            .toList();
    return rounded.with(filled);
  }

  private static boolean isEmpty(Model model, Op.Linear linear) {
    if (linear.bias() == null) {
      return false;
    }
    for (float value : row(tensor(model, linear.bias()), 0)) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static Tensor bias(
      String name, Tensor original, Tensor rounded, double[] means, Workers workers) {
    float[] bias = new float[Math.toIntExact(original.shape().rows())];
    workers.forEach(
        bias.length,
        i -> {
          float[] exact = row(original, i);
          float[] coded = row(rounded, i);
          double sum = 0;
          for (int j = 0; j < exact.length; j++) {
            sum += ((double) exact[j] - coded[j]) * means[j];
          }
          bias[i] = (float) sum;
        });
    return Tensor.ofFloats(name, Shape.of(bias.length), bias);
  }

  private static float[] row(Tensor tensor, long row) {
    float[] values = new float[tensor.shape().columns()];
    tensor.rows(row, 1, values, 0);
    return values;
  }

  private static Tensor tensor(Model model, String name) {
    return Objects.requireNonNull(model.tensors().get(name));
  }

  private static Key key(Workshop shop, Chunks calibration, Op.Linear linear) {
    return Key.of("input means")
        .with("model", shop.modelHash())
        .with("calibration", calibration.sha256())
        .with("tensor", linear.weight())
        .key();
  }
}
