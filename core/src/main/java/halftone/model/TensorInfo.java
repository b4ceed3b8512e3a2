package halftone.model;

import halftone.numeric.NumberFormat;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;

/// What a file says of a tensor before its bytes come.
public record TensorInfo(String name, Shape shape, NumberFormat format) {
  public static TensorInfo of(Tensor tensor) {
    return new TensorInfo(tensor.name(), tensor.shape(), tensor.format());
  }

  /// The same tensor stored in another format.
  public TensorInfo as(NumberFormat other) {
    return new TensorInfo(name, shape, other);
  }

  /// Bytes of the tensor, without padding.
  public long bytes() {
    return Tensor.bytesOf(shape, format);
  }
}
