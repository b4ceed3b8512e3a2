package halftone.torch;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.evidence.Labels;
import halftone.evidence.RowGradientCollector;
import halftone.evidence.RowGradients;
import halftone.model.Model;
import halftone.numeric.NumberFormats;
import halftone.tensor.Shape;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// MixLLM's loss change of single rows against what rounding them does to a network.
class FirstOrderLossOnNetworkTest {
  private static final Workers WORKERS = new LocalWorkers(2);
  private static final List<String> WEIGHTS =
      List.of("blk.0.ffn_down.weight", "blk.1.attn_v.weight");

  private final Model model = Tiny.unsure();
  private final int[][] tokens = Tiny.tokens(1, 64);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private float[] weight(String name) {
    int rows = rows(name);
    float[] values = new float[rows * columns(name)];
    model.tensors().get(name).rows(0, rows, values, 0);
    return values;
  }

  private int rows(String name) {
    return Math.toIntExact(model.tensors().get(name).shape().rows());
  }

  private int columns(String name) {
    return model.tensors().get(name).shape().columns();
  }

  /// Asymmetric, 4 bits, one group a row of at most 128.
  private float[] errors(String name) {
    float[] values = weight(name);
    int columns = columns(name);
    for (int at = 0; at < values.length; at += columns) {
      float least = 0;
      float most = 0;
      for (int j = at; j < at + columns; j++) {
        least = Math.min(least, values[j]);
        most = Math.max(most, values[j]);
      }
      float scale = (most - least) / 15;
      for (int j = at; j < at + columns; j++) {
        values[j] = Math.round((values[j] - least) / scale) * scale + least - values[j];
      }
    }
    return values;
  }

  private Map<String, RowGradients> gradients() {
    Map<String, RowGradients> found = new HashMap<>();
    new TorchGradients(2)
        .differentiate(
            model,
            tokens,
            Labels.NEXT_TOKEN,
            0,
            new RowGradientCollector(
                name -> WEIGHTS.contains(name) ? IntStream.range(0, rows(name)).toArray() : null,
                WORKERS,
                (stage, some) ->
                    some.forEach((name, samples) -> found.put(name, one(name, samples)))));
    return found;
  }

  private RowGradients one(String name, List<float[]> samples) {
    assertThat(samples).hasSize(1);
    return new RowGradients(
        1,
        rows(name),
        new halftone.tensor.Tensor(
            name,
            Shape.of(columns(name), rows(name)),
            NumberFormats.named("F32"),
            MemorySegment.ofArray(samples.getFirst())));
  }

  /// ⟨g, δ⟩ of each row.
  private double[] products(String name, float[] gradient) {
    float[] errors = errors(name);
    int columns = columns(name);
    double[] products = new double[rows(name)];
    for (int i = 0; i < errors.length; i++) {
      products[i / columns] += (double) gradient[i] * errors[i];
    }
    return products;
  }

  private double[] products(String name, RowGradients gradients) {
    float[] values = new float[rows(name) * columns(name)];
    gradients.values().rows(0, rows(name), values, 0);
    return products(name, values);
  }

  @Test
  void gradientsFromInputsAndOutputGradientsAreThoseOfTheWeights() {
    Map<String, RowGradients> found = gradients();
    try (PointerScope scope = new PointerScope();
        Parameters parameters = new Parameters(model, Precision.FLOAT64);
        TorchEngine engine = new TorchEngine(model, parameters)) {
      parameters.requireGradients(WEIGHTS);
      Batch batch = new Batch(tokens);
      Tensor loss = Losses.nextToken(engine.logits(batch, LinearTap.NONE), batch);
      TensorVector exact = torch.grad(new TensorVector(loss), parameters.vector(WEIGHTS));
      for (int i = 0; i < WEIGHTS.size(); i++) {
        String name = WEIGHTS.get(i);
        double[] expected = products(name, Memory.floats(exact.get(i)));
        double[] actual = products(name, found.get(name));
        double largest =
            IntStream.range(0, expected.length)
                .mapToDouble(c -> Math.abs(expected[c]))
                .max()
                .orElseThrow();
        for (int c = 0; c < expected.length; c++) {
          assertThat(Math.abs(actual[c] - expected[c]) / largest).isLessThan(1e-4);
        }
      }
    }
  }

  @Test
  void scoresRankRowsAsRoundingThemAloneDoes() {
    Map<String, RowGradients> found = gradients();
    for (String name : WEIGHTS) {
      double[] measured = measured(name);
      double[] scores = found.get(name).changes(errors(name), true, false, WORKERS);
      double[] sizes =
          IntStream.range(0, measured.length).mapToDouble(c -> Math.abs(measured[c])).toArray();
      assertThat(spearman(scores, sizes)).isGreaterThan(0.8);
      double[] first = products(name, found.get(name));
      List<Integer> largest = order(scores).reversed().subList(0, scores.length / 4);
      assertThat(largest).allMatch(c -> Math.signum(first[c]) == Math.signum(measured[c]));
    }
  }

  /// How the loss changes when one row alone is rounded.
  private double[] measured(String name) {
    try (PointerScope scope = new PointerScope();
        Parameters parameters = new Parameters(model, Precision.FLOAT64);
        TorchEngine engine = new TorchEngine(model, parameters);
        NoGradGuard guard = new NoGradGuard()) {
      Batch batch = new Batch(tokens);
      Tensor errors =
          Tensor.create(errors(name))
              .reshape(rows(name), columns(name))
              .to(Precision.FLOAT64.type());
      double before = Losses.nextToken(engine.logits(batch, LinearTap.NONE), batch).item_double();
      double[] changes = new double[rows(name)];
      for (int row = 0; row < changes.length; row++) {
        try (PointerScope inner = new PointerScope()) {
          Tensor place = parameters.get(name).select(0, row);
          Tensor saved = place.clone();
          place.add_(errors.select(0, row));
          changes[row] =
              Losses.nextToken(engine.logits(batch, LinearTap.NONE), batch).item_double() - before;
          place.copy_(saved);
        }
      }
      return changes;
    }
  }

  private static List<Integer> order(double[] values) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, values.length).boxed().toList());
    order.sort(Comparator.comparingDouble(i -> values[i]));
    return order;
  }

  /// Correlation of ranks.
  private static double spearman(double[] a, double[] b) {
    int n = a.length;
    int[] ranks = new int[n];
    List<Integer> byA = order(a);
    for (int rank = 0; rank < n; rank++) {
      ranks[byA.get(rank)] = rank;
    }
    List<Integer> byB = order(b);
    double squares = 0;
    for (int rank = 0; rank < n; rank++) {
      double apart = rank - ranks[byB.get(rank)];
      squares += apart * apart;
    }
    return 1 - 6 * squares / (n * ((double) n * n - 1));
  }
}
