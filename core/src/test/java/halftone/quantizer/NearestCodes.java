package halftone.quantizer;

import halftone.evidence.InputMoments;
import halftone.method.Card;
import halftone.parts.Composite;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.List;

/// The nearest codes between the extreme weights of every group: what others are to be better than.
public record NearestCodes(int group) implements PartsQuantizer {
  @Override
  public Card card() {
    return base().card();
  }

  private GroupGptq base() {
    return new GroupGptq(group, false, false, false, GroupGptq.DAMPING);
  }

  @Override
  public List<Integer> widths() {
    return base().widths();
  }

  /// By GPTQ as if inputs were uncorrelated.
  @Override
  public Composite quantize(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    int n = weight.shape().columns();
    float[] identity = new float[n * n];
    for (int i = 0; i < n; i++) {
      identity[i * n + i] = 1;
    }
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    LayerKnowledge white =
        new LayerKnowledge(
            new InputMoments(n, 1, ones, identity),
            LdlFactor.of(identity, n, GroupGptq.DAMPING, workers),
            null,
            null);
    return base().quantize(name, weight, bits, white, workers);
  }
}
