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

  @Override
  public float zero() {
    return 0;
  }
}
