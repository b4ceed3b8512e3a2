package halftone.quantizer;

import halftone.evidence.SpikeRatios;
import halftone.method.Card;
import halftone.method.Need;
import halftone.numeric.ElementFormat;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.parts.BlockScales;
import halftone.parts.Composite;
import halftone.parts.Formatted;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Symmetric integers as 8-bit runtimes multiply them: one scale a row or one for the whole weight,
/// the largest magnitude over 2^(n − 1) − 1 (SmoothQuant, arXiv 2211.10438; the baseline of arXiv
/// 2311.12359). Layers whose inputs spike may be kept finer (Maisonnave et al., arXiv 2504.21553).
///
/// @param scale what shares a scale
/// @param rounding how weights are rounded once scales are settled
/// @param spiking what weights become whose inputs spike
/// @param cut the ratio above which they do, see [SpikeRatios]
public record Integers(Scale scale, ElementChoice rounding, Spiking spiking, double cut)
    implements PartsQuantizer {
  private static final float LEAST_SCALE = 1e-10f;

  /// What shares a scale.
  public enum Scale {
    ROW,
    TENSOR
  }

  /// What becomes of a weight whose inputs spike.
  public enum Spiking {
    /// The same as of all others.
    INTEGERS,
    /// 8-bit floats (E4M3, largest 448) under one scale.
    F8,
    /// Half precision.
    F16
  }

  public Integers() {
    this(Scale.ROW, ElementChoice.NEAREST, Spiking.INTEGERS, SpikeRatios.CUT);
  }

  @Override
  public Card card() {
    return new Card(
        "integers",
        "integers, a scale a row or a tensor, spiking layers kept",
        "arXiv 2211.10438, 2504.21553",
        Set.of(Need.CALIBRATION_TEXT, Need.GRAM));
  }

  @Override
  public List<Integer> widths() {
    return List.of(2, 3, 4, 5, 6, 7, 8);
  }

  @Override
  public Composite quantize(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    boolean kept = spiking != Spiking.INTEGERS && known.requireSpikeRatio(card().id(), name) > cut;
    if (kept && spiking == Spiking.F16) {
      WeightFormat half = (WeightFormat) NumberFormats.named("F16");
      return Composite.of(
          weight.shape(),
          new Formatted(
              new RoundToNearest().quantize(name, weight, half, LayerInputs.UNKNOWN, workers)));
    }
    WholeWeight whole = WholeWeight.of(weight);
    ElementRounding scaled =
        kept
            ? scaled(whole, ElementFormat.F8_E4M3, Scale.TENSOR)
            : scaled(whole, ElementFormat.integer(bits), scale);
    return scaled.composite(rounding, card().id(), name, known, workers);
  }

  private static ElementRounding scaled(WholeWeight weight, ElementFormat element, Scale scale) {
    float[] scales = BlockMaxima.of(weight, weight.columns());
    if (scale == Scale.TENSOR) {
      float largest = 0;
      for (float each : scales) {
        largest = Math.max(largest, each);
      }
      Arrays.fill(scales, largest);
    }
    for (int row = 0; row < scales.length; row++) {
      scales[row] = Math.max(scales[row] / element.largest(), LEAST_SCALE);
    }
    return new ElementRounding(weight, weight.columns(), element, BlockScales.singles(scales));
  }
}
