package halftone.quantizer;

/// The values that a group of neighbouring weights in a row may take.
interface RoundingGrid {
  /// The code of the value nearest to a weight.
  int code(float weight);

  float value(int code);

  float scale();

  float zero();
}
