package halftone.runtime;

import halftone.kernel.integer.PanelWeight;
import halftone.machine.InstructionSet;
import halftone.model.Model;
import halftone.numeric.InputRounding;
import halftone.tensor.Tensor;
import java.util.Locale;
import java.util.Set;

/// How the engine multiplies: what inputs of products are rounded to, and what else a runtime
/// rounds.
public sealed interface Arithmetic permits KnownArithmetic, LowBitActivations, BlockActivations {
  /// Weights as they decode, activations in float32.
  Arithmetic EXACT = KnownArithmetic.EXACT;

  /// As llama.cpp runs the file on a CPU: the input row of a product is first rounded to the weight
  /// format's activation partner (Q8_0, Q8_K, F16 …), and keys and values to F16.
  Arithmetic LLAMA = KnownArithmetic.LLAMA;

  /// The same with queries, keys and values as they are: how llama.cpp runs a file whose cache is
  /// kept in F32, without its fused attention.
  Arithmetic LLAMA_F32_CACHE = KnownArithmetic.LLAMA_F32_CACHE;

  /// Products in integers: inputs of weights in any of GGML's integer types are rounded to bytes
  /// under a scale for every 32 of them ([halftone.numeric.Int8Runs]); F32, F16 and BF16 meet
  /// float32.
  Arithmetic INT8 = KnownArithmetic.INT8;

  /// What it is called on a command line and in reports.
  String id();

  /// This way on a model: what a file says of it is looked up.
  ///
  /// @throws IllegalArgumentException when the file does not say it
  default Arithmetic on(Model model) {
    return this;
  }

  /// What inputs are rounded to on their way into a product with a weight.
  InputRounding inputs(Tensor weight);

  /// How the model's head multiplies.
  Arithmetic head();

  /// Whether keys, values and queries are in 16 bits.
  default boolean halvesCache() {
    return this == LLAMA;
  }

  /// Whether functions are looked up in tables of 16 bits, as llama.cpp's GELU is.
  default boolean halvesTables() {
    return this == LLAMA || this == LLAMA_F32_CACHE;
  }

  /// The fastest way on this machine: integers where it has instructions for them and the network
  /// weights, else as llama.cpp does.
  static Arithmetic fastest(Model model) {
    Set<String> linears = Set.copyOf(model.linears());
    boolean isInPanels =
        model.tensors().values().stream()
            .anyMatch(
                tensor -> PanelWeight.isFor(tensor.format()) && linears.contains(tensor.name()));
    return isInPanels && InstructionSet.chosen() != InstructionSet.NONE ? INT8 : LLAMA;
  }

  /// Reads `exact`, `llama`, `int8`, or `a8-token`, `a4-tensor` …: activations of 2 to 8 bits, see
  /// [LowBitActivations]; `a4-block128` …: with a scale for every so many of them; `fmpq`: in
  /// blocks of four or eight bits, as the model's file says.
  ///
  /// @throws IllegalArgumentException naming what there is
  static Arithmetic parse(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    return switch (name) {
      case "exact" -> EXACT;
      case "llama" -> LLAMA;
      case "int8" -> INT8;
      case "fmpq" -> BlockActivations.FMPQ;
      default ->
          BlockActivations.isNamed(name)
              ? BlockActivations.parse(name)
              : LowBitActivations.parse(name);
    };
  }
}
