package halftone.tensor;

/// A matrix of weights decoded on demand: a stored tensor, or a transform wrapped around one.
public interface Weight {
  Shape shape();

  /// Decodes `count` whole rows from row `from` into `out[at …]`, row-major.
  void rows(long from, int count, float[] out, int at);
}
