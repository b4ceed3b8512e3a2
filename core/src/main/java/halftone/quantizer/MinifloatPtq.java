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

/// Small floats under one scale a row (Aggarwal et al., arXiv 2311.12359): of all ways to split the
/// bits into exponent and mantissa the one with the least error, inputs weighted by their mean
/// square; then GPTQ or learned rounding onto that float's numbers. A row's largest weight is the
/// format's largest number.
///
/// @param rounding how weights are rounded once scales are settled
public record MinifloatPtq(ElementChoice rounding) implements PartsQuantizer {
  private static final float LEAST_SCALE = 1e-10f;

  public MinifloatPtq() {
    this(ElementChoice.FEEDBACK);
  }

  @Override
  public Card card() {
    return new Card(
        "minifloat-ptq",
        "small floats, the split of the bits searched",
        "arXiv 2311.12359",
        Set.of(Need.CALIBRATION_TEXT, Need.GRAM));
  }

  @Override
  public List<Integer> widths() {
    return List.of(3, 4, 5, 6, 7, 8);
  }

  @Override
  public Composite quantize(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    WholeWeight whole = WholeWeight.of(weight);
    float[] maxima = BlockMaxima.of(whole, whole.columns());
    float[] meanSquares = known.requireInputs(card().id(), name).importance();
    List<ElementRounding> candidates =
        ElementFormat.minifloats(bits).stream()
            .map(element -> scaled(whole, element, maxima))
            .toList();
    return ElementRounding.best(candidates, meanSquares, workers)
        .composite(rounding, card().id(), name, known, workers);
  }

  private static ElementRounding scaled(WholeWeight weight, ElementFormat element, float[] maxima) {
    float[] scales = new float[maxima.length];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = Math.max(maxima[i] / element.largest(), LEAST_SCALE);
    }
    return new ElementRounding(weight, weight.columns(), element, BlockScales.singles(scales));
  }
}
