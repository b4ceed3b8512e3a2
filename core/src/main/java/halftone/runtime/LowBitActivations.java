package halftone.runtime;

import halftone.numeric.ActivationPartner;
import halftone.numeric.ElementFormat;
import halftone.numeric.InputRounding;
import halftone.numeric.ScaledInputs;
import halftone.numeric.ScaledInputs.Sharing;
import halftone.parts.Composite;
import halftone.parts.Formatted;
import halftone.parts.Part;
import halftone.parts.ScaledElements;
import halftone.tensor.ComputedRows;
import halftone.tensor.Tensor;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Integer products, as runtimes for W8A8 and W4A4 have them: inputs of quantized weights inside
/// blocks are rounded to integers under a dynamic scale (SmoothQuant's O1 and O2). Inputs stay in
/// float32 where the weight has 16 bits or more, and at the model's head; a weight of 8-bit floats
/// meets 8-bit floats (E4M3), one scale for all of them. Attention is not rounded.
///
/// @param bits 2 to 8
public record LowBitActivations(int bits, Sharing sharing) implements Arithmetic {
  private static final Pattern NAME = Pattern.compile("a([2-8])-(token|tensor)");

  private static final InputRounding FLOATS =
      new ScaledInputs(ElementFormat.F8_E4M3, Sharing.TENSOR);

  static LowBitActivations parse(String text) {
    Matcher name = NAME.matcher(text);
    if (!name.matches()) {
      throw new IllegalArgumentException(
          "no way to compute is called '%s'; there are exact, llama, int8, fmpq, and a2-token to a8-token, a2-tensor to a8-tensor and a4-block128 or the like: activations of so many bits, a scale for each token, for all, or for every so many of a token"
              .formatted(text));
    }
    Sharing sharing = Sharing.valueOf(name.group(2).toUpperCase(Locale.ROOT));
    return new LowBitActivations(Integer.parseInt(name.group(1)), sharing);
  }

  @Override
  public String id() {
    return "a%d-%s".formatted(bits, sharing.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public InputRounding inputs(Tensor weight) {
    if (weight.source() instanceof ComputedRows computed) {
      return computed.weight() instanceof Composite composite
          ? inputs(composite)
          : ActivationPartner.NONE;
    }
    return isFloat(weight) ? ActivationPartner.NONE : integers();
  }

  private InputRounding inputs(Composite weight) {
    if (weight.parts().stream().allMatch(LowBitActivations::isFloat)) {
      return ActivationPartner.NONE;
    }
    return weight.parts().stream().allMatch(LowBitActivations::isSmallFloat) ? FLOATS : integers();
  }

  private InputRounding integers() {
    return new ScaledInputs(ElementFormat.integer(bits), sharing);
  }

  private static boolean isFloat(Part part) {
    return part instanceof Formatted formatted && isFloat(formatted.tensor());
  }

  /// Whether a weight has 16 bits or more, so that its inputs stay as they are.
  static boolean isFloat(Tensor tensor) {
    return switch (tensor.format().id()) {
      case "F32", "F16", "BF16" -> true;
      default -> false;
    };
  }

  private static boolean isSmallFloat(Part part) {
    return part instanceof ScaledElements elements && elements.element() == ElementFormat.F8_E4M3;
  }

  @Override
  public Arithmetic head() {
    return EXACT;
  }
}
