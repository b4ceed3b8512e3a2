package halftone.quantizer;

import halftone.evidence.InputMoments;
import halftone.evidence.RowGradients;
import halftone.numeric.NumberFormats;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// A linear layer with seeded Gaussian weights and correlated inputs, and what methods may know of
/// it.
record SmallLayer(int rows, int columns, float[] values, float[] inputs) {
  static final Workers WORKERS = new LocalWorkers(2);

  /// Inputs near a space of an eighth of the dimensions.
  static SmallLayer of(int rows, int columns, int tokens, long seed) {
    Random random = new Random(seed);
    float[] values = gaussian(random, rows * columns, 0.05);
    int rank = Math.max(1, columns / 8);
    float[] mixing = gaussian(random, rank * columns, 1);
    float[] inputs = gaussian(random, tokens * columns, 0.5);
    for (int t = 0; t < tokens; t++) {
      float[] hidden = gaussian(random, rank, 1);
      for (int k = 0; k < rank; k++) {
        for (int j = 0; j < columns; j++) {
          inputs[t * columns + j] += hidden[k] * mixing[k * columns + j];
        }
      }
    }
    return new SmallLayer(rows, columns, values, inputs);
  }

  static float[] gaussian(Random random, int count, double deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  Weight weight() {
    return tensor(values, columns, rows);
  }

  static Tensor tensor(float[] values, int columns, long rows) {
    return new Tensor(
        "w", Shape.of(columns, rows), NumberFormats.named("F32"), MemorySegment.ofArray(values));
  }

  int tokens() {
    return inputs.length / columns;
  }

  float[] gram() {
    float[] gram = new float[columns * columns];
    for (int i = 0; i < columns; i++) {
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (int t = 0; t < tokens(); t++) {
          sum += (double) inputs[t * columns + i] * inputs[t * columns + j];
        }
        gram[i * columns + j] = (float) sum;
      }
    }
    return gram;
  }

  LayerKnowledge knowledge() {
    float[] gram = gram();
    return new LayerKnowledge(
        moments(gram, columns), LdlFactor.of(gram, columns, 0.01, WORKERS), inputs, gradients());
  }

  /// Moments of which nothing but the Gram matrix counts.
  static InputMoments moments(float[] gram, int columns) {
    float[] squares = new float[columns];
    for (int j = 0; j < columns; j++) {
      squares[j] = gram[j * columns + j];
    }
    return new InputMoments(columns, 1, squares, gram);
  }

  /// Gradients of four samples: outer products of a random output gradient and an input.
  RowGradients gradients() {
    int samples = 4;
    Random random = new Random(77);
    float[] all = new float[samples * rows * columns];
    for (int n = 0; n < samples; n++) {
      for (int r = 0; r < rows; r++) {
        float dy = (float) random.nextGaussian();
        for (int j = 0; j < columns; j++) {
          all[(n * rows + r) * columns + j] = dy * inputs[n * columns + j];
        }
      }
    }
    return new RowGradients(samples, rows, tensor(all, columns, (long) samples * rows));
  }

  /// Σ over tokens and rows of the squared change of the outputs.
  double loss(Weight rounded) {
    float[] error = new float[rows * columns];
    rounded.rows(0, rows, error, 0);
    for (int i = 0; i < error.length; i++) {
      error[i] -= values[i];
    }
    double sum = 0;
    for (int t = 0; t < tokens(); t++) {
      for (int r = 0; r < rows; r++) {
        double dot = 0;
        for (int j = 0; j < columns; j++) {
          dot += (double) error[r * columns + j] * inputs[t * columns + j];
        }
        sum += dot * dot;
      }
    }
    return sum;
  }

  /// Mean squared error of the weights.
  double error(Weight rounded) {
    float[] decoded = new float[rows * columns];
    rounded.rows(0, rows, decoded, 0);
    double sum = 0;
    for (int i = 0; i < decoded.length; i++) {
      double e = decoded[i] - values[i];
      sum += e * e;
    }
    return sum / decoded.length;
  }
}
