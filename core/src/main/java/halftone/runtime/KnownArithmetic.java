package halftone.runtime;

import halftone.kernel.integer.PanelWeight;
import halftone.numeric.ActivationPartner;
import halftone.numeric.InputRounding;
import halftone.numeric.Int8Runs;
import halftone.tensor.Tensor;
import java.util.Locale;

/// The ways without parameters; see [Arithmetic].
enum KnownArithmetic implements Arithmetic {
  EXACT {
    @Override
    public InputRounding inputs(Tensor weight) {
      return ActivationPartner.NONE;
    }
  },
  LLAMA,
  LLAMA_F32_CACHE,
  INT8 {
    @Override
    public InputRounding inputs(Tensor weight) {
      return PanelWeight.isFor(weight.format()) ? RUNS : ActivationPartner.NONE;
    }
  };

  private static final InputRounding RUNS = new Int8Runs();

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public InputRounding inputs(Tensor weight) {
    return ActivationPartner.of(weight.format());
  }

  @Override
  public Arithmetic head() {
    return this;
  }
}
