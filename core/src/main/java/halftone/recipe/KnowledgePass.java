package halftone.recipe;

import halftone.evidence.InputMoments;
import halftone.evidence.RowGradients;
import halftone.evidence.SpikeRatios;
import halftone.quantizer.GroupGptq;
import halftone.quantizer.LayerKnowledge;
import halftone.quantizer.LdlFactor;
import halftone.runtime.Activations;
import halftone.runtime.Engine;
import halftone.runtime.Tap;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One pass of the calibration text that gathers what methods of our own layout may know of each
/// layer: the Gram matrix of its inputs, factored, some inputs themselves, and how they spike. One
/// stage's are in memory at a time.
final class KnowledgePass {
  /// Tokens of each layer's inputs that are kept.
  private static final int SAMPLE = 128;

  /// Receives what is known of a stage's layers, by weight.
  interface Reader {
    void read(Map<String, LayerKnowledge> layers);
  }

  private KnowledgePass() {}

  /// @param gradients of a weight, or null
  static void run(
      Workshop shop,
      int[][] chunks,
      Function<String, @Nullable RowGradients> gradients,
      Reader reader) {
    Inputs inputs = new Inputs(Math.ceilDiv(chunks.length, Engine.BATCH));
    CalibrationPass.run(
        shop.model(),
        chunks,
        CalibrationPass.Grams.ALL,
        inputs,
        shop.workers(),
        shop.progress(),
        (stage, moments) -> {
          reader.read(known(moments, inputs, gradients, shop.workers()));
          inputs.forget();
        });
  }

  private static Map<String, LayerKnowledge> known(
      Map<String, InputMoments> moments,
      Inputs inputs,
      Function<String, @Nullable RowGradients> gradients,
      Workers workers) {
    IdentityHashMap<InputMoments, LdlFactor> factors = new IdentityHashMap<>();
    Map<String, LayerKnowledge> known = new LinkedHashMap<>();
    moments.forEach(
        (weight, each) -> {
          LdlFactor factor =
              factors.computeIfAbsent(
                  each, m -> LdlFactor.of(m.requireGram(), m.width(), GroupGptq.DAMPING, workers));
          known.put(
              weight,
              new LayerKnowledge(
                  each,
                  factor,
                  inputs.of(weight),
                  gradients.apply(weight),
                  inputs.spikes.mean(weight)));
        });
    return known;
  }

  /// Rows of inputs, evenly from every batch, and how far single ones stick out.
  private static final class Inputs implements Tap {
    private final int perBatch;
    private final Map<String, float[]> samples = new HashMap<>();
    private final SpikeRatios spikes = new SpikeRatios();

    Inputs(int batches) {
      perBatch = Math.max(1, SAMPLE / batches);
    }

    @Override
    public void input(String weight, Activations inputs) {
      spikes.add(weight, inputs);
      int width = inputs.width();
      float[] before = samples.getOrDefault(weight, new float[0]);
      int rows = Math.min(perBatch, inputs.rows());
      float[] all = Arrays.copyOf(before, before.length + rows * width);
      for (int i = 0; i < rows; i++) {
        int row = (int) ((long) i * inputs.rows() / rows);
        System.arraycopy(inputs.values(), row * width, all, before.length + i * width, width);
      }
      samples.put(weight, all);
    }

    float[] of(String weight) {
      return samples.getOrDefault(weight, new float[0]);
    }

    void forget() {
      samples.clear();
    }
  }
}
