package halftone.runtime;

import halftone.model.InputBlocks;
import halftone.model.Model;
import halftone.numeric.ActivationPartner;
import halftone.numeric.BlockInputs;
import halftone.numeric.InputRounding;
import halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Inputs of quantized weights inside blocks are rounded to integers of few bits under a scale for
/// every token and block of channels: in all blocks alike, or in eight bits where the model's file
/// says so ([InputBlocks]) and in four elsewhere (COMET's FMPQ, arXiv 2410.12168). Inputs stay in
/// float32 where the weight has 16 bits or more, and at the model's head. Attention is not rounded.
///
/// @param block channels under one scale; 0 for what the file says, before it has been asked
/// @param bits 2 to 8
/// @param eightBits by the name of a weight, places of the blocks that keep eight bits
record BlockActivations(int block, int bits, Map<String, List<Integer>> eightBits)
    implements Arithmetic {
  private static final Pattern NAME = Pattern.compile("a([2-8])-block([1-9]\\d{0,4})");

  /// By the model's own file.
  static final BlockActivations FMPQ = new BlockActivations(0, 4, Map.of());

  /// Whether a name is of this kind: `a4-block128` …
  static boolean isNamed(String name) {
    return NAME.matcher(name).matches();
  }

  static BlockActivations parse(String text) {
    Matcher name = NAME.matcher(text);
    if (!name.matches()) {
      throw new IllegalArgumentException("no activations in blocks are called " + text);
    }
    return new BlockActivations(
        Integer.parseInt(name.group(2)), Integer.parseInt(name.group(1)), Map.of());
  }

  @Override
  public String id() {
    return block == 0 ? "fmpq" : "a%d-block%d".formatted(bits, block);
  }

  @Override
  public Arithmetic on(Model model) {
    if (block > 0) {
      return this;
    }
    if (model.tensors().values().stream().allMatch(LowBitActivations::isFloat)) {
      return EXACT;
    }
    InputBlocks blocks = InputBlocks.of(model.metadata());
    return new BlockActivations(blocks.size(), bits, blocks.eight());
  }

  @Override
  public InputRounding inputs(Tensor weight) {
    return LowBitActivations.isFloat(weight)
        ? ActivationPartner.NONE
        : new BlockInputs(block, bits, eightBits.getOrDefault(weight.name(), List.of()));
  }

  @Override
  public Arithmetic head() {
    return EXACT;
  }
}
