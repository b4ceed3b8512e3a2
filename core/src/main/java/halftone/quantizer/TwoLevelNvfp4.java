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

/// NVFP4 with both of its levels (NVIDIA): blocks of 16 E2M1 elements, an F8_E4M3 scale for each,
/// and one float32 scale for the weight, so that the block scales use their whole range. GGUF's
/// NVFP4 has no second level.
///
/// @param rounding how weights are rounded once scales are settled
public record TwoLevelNvfp4(ElementChoice rounding) implements PartsQuantizer {
  private static final int BLOCK = 16;
  private static final float LEAST_BLOCK_SCALE = 0x1p-6f;
  private static final ElementFormat E2M1 = ElementFormat.minifloat(2, 1);

  public TwoLevelNvfp4() {
    this(ElementChoice.FEEDBACK);
  }

  @Override
  public Card card() {
    return new Card(
        "nvfp4",
        "NVFP4 with a scale for the tensor",
        "NVIDIA; microsoft/microxcaling",
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
    BlockScales scales = scales(BlockMaxima.of(whole, BLOCK));
    return new ElementRounding(whole, BLOCK, E2M1, scales)
        .composite(rounding, card().id(), name, known, workers);
  }

  static BlockScales scales(float[] maxima) {
    float largest = 0;
    for (float max : maxima) {
      largest = Math.max(largest, max);
    }
    float tensorScale =
        largest == 0 ? 1 : largest / (ElementFormat.F8_E4M3.largest() * E2M1.largest());
    byte[] codes = new byte[maxima.length];
    for (int i = 0; i < codes.length; i++) {
      float wanted = Math.max(maxima[i] / E2M1.largest() / tensorScale, LEAST_BLOCK_SCALE);
      codes[i] = (byte) ElementFormat.F8_E4M3.nearest(wanted);
    }
    return BlockScales.twoLevels(codes, tensorScale);
  }
}
