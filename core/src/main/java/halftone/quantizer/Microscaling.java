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

/// The microscaling formats of the Open Compute Project (MX v1.0): blocks of 32 elements under a
/// power of two. MXFP4 at 4 bits; at 6 and 8 the element format with the least error, inputs
/// weighted by their mean square: E2M3 or E3M2; F8_E4M3, F8_E5M2 or MX_INT8.
///
/// @param rule how a block's exponent follows from its largest weight
/// @param rounding how weights are rounded once scales are settled
public record Microscaling(MxRule rule, ElementChoice rounding) implements PartsQuantizer {
  private static final int BLOCK = 32;

  /// The standard's rule for exponents, and GPTQ.
  public Microscaling() {
    this(MxRule.FLOOR, ElementChoice.FEEDBACK);
  }

  @Override
  public Card card() {
    return new Card(
        "mx",
        "microscaling formats: MXFP4, MXFP6, MXFP8, MXINT8",
        "OCP Microscaling Formats v1.0, arXiv 2310.10537",
        Set.of(Need.CALIBRATION_TEXT, Need.GRAM));
  }

  @Override
  public List<Integer> widths() {
    return List.of(4, 6, 8);
  }

  /// The element formats that the standard has for a width.
  static List<ElementFormat> elements(int bits) {
    return switch (bits) {
      case 4 -> List.of(ElementFormat.minifloat(2, 1));
      case 6 -> List.of(ElementFormat.minifloat(2, 3), ElementFormat.minifloat(3, 2));
      case 8 -> List.of(ElementFormat.F8_E4M3, ElementFormat.F8_E5M2, ElementFormat.MX_INT8);
      default -> throw new IllegalArgumentException("microscaling has no %d bits".formatted(bits));
    };
  }

  @Override
  public Composite quantize(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    WholeWeight whole = WholeWeight.of(weight);
    float[] maxima = BlockMaxima.of(whole, BLOCK);
    float[] meanSquares = known.requireInputs(card().id(), name).importance();
    List<ElementRounding> candidates =
        elements(bits).stream().map(element -> scaled(whole, element, maxima)).toList();
    return ElementRounding.best(candidates, meanSquares, workers)
        .composite(rounding, card().id(), name, known, workers);
  }

  private ElementRounding scaled(WholeWeight weight, ElementFormat element, float[] maxima) {
    return new ElementRounding(weight, BLOCK, element, scales(maxima, element));
  }

  BlockScales scales(float[] maxima, ElementFormat element) {
    int[] exponents = new int[maxima.length];
    for (int i = 0; i < exponents.length; i++) {
      exponents[i] = rule.exponent(maxima[i], element);
    }
    return BlockScales.powersOfTwo(exponents);
  }
}
