package halftone.quantizer;

import halftone.method.Card;
import halftone.method.Need;
import halftone.numeric.ElementFormat;
import halftone.parts.BlockScales;
import halftone.parts.Composite;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.List;
import java.util.Set;

/// NF4 (QLoRA, Dettmers et al., arXiv 2305.14314): sixteen quantiles of the normal distribution
/// under the absolute maximum of a block of 64.
///
/// @param doubled whether the maxima are themselves quantized: 4.127 bits a weight instead of 4.5
/// @param rounding how weights are rounded; as published each becomes the nearest level
public record NormalFloat(boolean doubled, ElementChoice rounding) implements PartsQuantizer {
  private static final int BLOCK = 64;

  public NormalFloat() {
    this(true, ElementChoice.FEEDBACK);
  }

  @Override
  public Card card() {
    return new Card(
        "nf4",
        "NormalFloat: quantiles of the normal distribution",
        "arXiv 2305.14314",
        Set.of(Need.CALIBRATION_TEXT, Need.GRAM));
  }

  @Override
  public List<Integer> widths() {
    return List.of(4);
  }

  @Override
  public Composite quantize(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    WholeWeight whole = WholeWeight.of(weight);
    float[] maxima = BlockMaxima.of(whole, BLOCK);
    BlockScales scales = doubled ? BlockScales.doubled(maxima) : BlockScales.singles(maxima);
    return new ElementRounding(whole, BLOCK, ElementFormat.NF4, scales)
        .composite(rounding, card().id(), name, known, workers);
  }
}
