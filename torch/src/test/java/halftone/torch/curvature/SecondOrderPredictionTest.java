package halftone.torch.curvature;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.torch.Libtorch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/// ½ δᵀHδ + gᵀδ foretells what rounding a layer of a trained network does to its loss.
class SecondOrderPredictionTest {
  private static final int STEPS = 250;

  @Test
  void foretellsWhatRoundingDoesToATrainedNetwork() {
    Libtorch.load();
    try (PointerScope scope = new PointerScope()) {
      GraphLoss loss = GraphLoss.convolutional(ScalarType.Double);
      double untrained = value(loss);
      train(loss);
      assertThat(value(loss)).isLessThan(untrained / 3);
      List<Double> predicted = new ArrayList<>();
      List<Double> measured = new ArrayList<>();
      for (String layer : loss.parameters().sequencedKeySet()) {
        for (int bits = 6; bits <= 8; bits++) {
          Tensor delta = roundingError(loss.get(layer).detach(), bits);
          predicted.add(predicted(new BlockLoss(loss, layer), delta.reshape(-1)));
          measured.add(measured(loss, layer, delta));
        }
      }
      assertThat(correlation(predicted, measured)).isGreaterThan(0.9);
    }
  }

  private static double value(Loss loss) {
    return loss.batch(0).value().item_double();
  }

  private static void train(GraphLoss loss) {
    Derivatives derivatives = new Derivatives(loss);
    for (int step = 0; step < STEPS; step++) {
      try (PointerScope scope = new PointerScope()) {
        TensorVector gradients = derivatives.gradients(loss.batch(0).value(), false);
        try (NoGradGuard guard = new NoGradGuard()) {
          for (int i = 0; i < derivatives.parameters().size(); i++) {
            derivatives.parameters().get(i).add_(gradients.get(i), new Scalar(-0.3));
          }
        }
      }
    }
  }

  /// Symmetric, one scale a tensor.
  private static Tensor roundingError(Tensor w, int bits) {
    double largest = torch.max(torch.abs(w)).item_double();
    Scalar scale = new Scalar(largest / ((1 << (bits - 1)) - 1));
    return torch.round(w.div(scale)).mul(scale).sub(w);
  }

  private static double predicted(Loss layer, Tensor delta) {
    Tensor gradient = new Derivatives(layer).gradient();
    return Layout.dot(gradient, delta)
        + Layout.dot(delta, new HessianProduct(layer).times(delta)) / 2;
  }

  private static double measured(GraphLoss loss, String layer, Tensor delta) {
    Tensor w = loss.get(layer);
    try (NoGradGuard guard = new NoGradGuard()) {
      double before = value(loss);
      Tensor saved = w.clone();
      w.add_(delta);
      double after = value(loss);
      w.copy_(saved);
      return after - before;
    }
  }

  private static double correlation(List<Double> a, List<Double> b) {
    double meanA = a.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double meanB = b.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.size(); i++) {
      ab += (a.get(i) - meanA) * (b.get(i) - meanB);
      aa += (a.get(i) - meanA) * (a.get(i) - meanA);
      bb += (b.get(i) - meanB) * (b.get(i) - meanB);
    }
    return ab / Math.sqrt(aa * bb);
  }
}
