package halftone.tensor;

import org.jspecify.annotations.Nullable;

/// A matrix of weights decoded on demand: a stored tensor, or a transform wrapped around one.
public interface Weight {
  Shape shape();

  /// Decodes `count` whole rows from row `from` into `out[at …]`, row-major.
  void rows(long from, int count, float[] out, int at);

  /// The same rows as the binary16 numbers that are stored, or null where they are not stored so.
  default short @Nullable [] halves(long from, int count) {
    return null;
  }
}
