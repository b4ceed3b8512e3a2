package halftone.torch;

import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// What the differentiable engine computes in.
public enum Precision {
  FLOAT32(ScalarType.Float),
  /// Half the speed: for tests, and for curvature where rounding would show.
  FLOAT64(ScalarType.Double);

  private final ScalarType type;

  Precision(ScalarType type) {
    this.type = type;
  }

  ScalarType type() {
    return type;
  }

  TensorOptions options() {
    return new TensorOptions(type);
  }
}
