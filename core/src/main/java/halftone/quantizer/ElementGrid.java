package halftone.quantizer;

import halftone.numeric.ElementFormat;

/// The numbers of an element format times a scale that is settled.
record ElementGrid(ElementFormat element, float scale) implements RoundingGrid {
  @Override
  public int code(float weight) {
    return scale == 0 ? 0 : element.nearest(weight / scale);
  }

  @Override
  public float value(int code) {
    return element.value(code) * scale;
  }

  /// The largest value that is not above a weight, or the least there is.
  float below(float weight) {
    return scale == 0 ? 0 : element.below(weight / scale) * scale;
  }

  /// The least value that is not below a weight, or the largest there is.
  float above(float weight) {
    return scale == 0 ? 0 : element.above(weight / scale) * scale;
  }

  @Override
  public float zero() {
    return 0;
  }
}
