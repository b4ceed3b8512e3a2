package halftone.quantizer;

import halftone.method.Method;
import halftone.numeric.WeightFormat;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import halftone.workers.Workers;

/// Decides the codes of a weight in a given format.
public interface Quantizer extends Method {
  /// Quantizes every row of `weight`. The bytes do not depend on the number of workers.
  ///
  /// @throws IllegalArgumentException when the format cannot hold the weight (see
  ///   [WeightFormat#fit]) or `inputs` lacks what the method needs
  Tensor quantize(
      String name, Weight weight, WeightFormat format, LayerInputs inputs, Workers workers);
}
