package halftone.transform;

import halftone.model.Model;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.Tap;
import halftone.workers.Workers;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// What the channels of every linear layer's input are like on a text.
final class ChannelStatistics {
  private final Map<String, Channels> byWeight = new HashMap<>();

  /// Of the input of one layer.
  ///
  /// @param largest max |x_j| over the tokens
  /// @param absolute Σ |x_j| over the tokens
  private static final class Channels {
    private final float[] largest;
    private final double[] absolute;
    private long tokens;

    Channels(int width) {
      largest = new float[width];
      absolute = new double[width];
    }

    void add(Activations inputs) {
      float[] values = inputs.values();
      int width = largest.length;
      for (int at = 0; at < values.length; at += width) {
        for (int j = 0; j < width; j++) {
          float magnitude = Math.abs(values[at + j]);
          largest[j] = Math.max(largest[j], magnitude);
          absolute[j] += magnitude;
        }
      }
      tokens += inputs.rows();
    }
  }

  private ChannelStatistics() {}

  /// Runs the text through all blocks of the original.
  static ChannelStatistics gather(Model model, int[][] tokens, Workers workers) {
    ChannelStatistics statistics = new ChannelStatistics();
    Engine engine = new Engine(model, Arithmetic.EXACT, workers);
    Tap tap =
        (weight, inputs) ->
            statistics
                .byWeight
                .computeIfAbsent(weight, name -> new Channels(inputs.width()))
                .add(inputs);
    engine.watch(tokens, tap);
    return statistics;
  }

  /// max |x_j| of the input of the layer with this weight.
  float[] largest(String weight) {
    return of(weight).largest;
  }

  /// mean |x_j| of the input of the layer with this weight.
  float[] meanMagnitude(String weight) {
    Channels channels = of(weight);
    float[] means = new float[channels.absolute.length];
    for (int j = 0; j < means.length; j++) {
      means[j] = (float) (channels.absolute[j] / channels.tokens);
    }
    return means;
  }

  private Channels of(String weight) {
    return Objects.requireNonNull(byWeight.get(weight), weight);
  }
}
