package halftone.kernel;

import halftone.tensor.Tensor;

/// How a [PackedWeight] stores an element.
enum PackedElement {
  FLOAT,
  HALF,
  BRAIN;

  static PackedElement of(Tensor weight) {
    return switch (weight.format().id()) {
      case "F16" -> HALF;
      case "BF16" -> BRAIN;
      default -> FLOAT;
    };
  }

  int bytes() {
    return this == FLOAT ? Float.BYTES : Short.BYTES;
  }
}
