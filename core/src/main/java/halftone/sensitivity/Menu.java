package halftone.sensitivity;

import halftone.numeric.WeightFormat;
import halftone.tensor.Tensor;
import java.util.List;

/// A tensor that gets a precision of its own, and the formats it may have, smallest first.
public record Menu(Tensor tensor, List<WeightFormat> options) {
  public Menu {
    options = List.copyOf(options);
    if (options.isEmpty()) {
      throw new IllegalArgumentException("no format can hold " + tensor.name());
    }
  }

  public long bytes(int option) {
    return Tensor.bytesOf(tensor.shape(), options.get(option));
  }
}
