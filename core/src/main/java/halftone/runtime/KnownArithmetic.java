package halftone.runtime;

import halftone.numeric.ActivationPartner;
import halftone.numeric.InputRounding;
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
  LLAMA_F32_CACHE;

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
