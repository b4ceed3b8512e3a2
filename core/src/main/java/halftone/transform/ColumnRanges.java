package halftone.transform;

import halftone.model.Model;
import halftone.tensor.Tensor;
import java.util.Objects;

/// How large the columns of a site's readers are.
final class ColumnRanges {
  private ColumnRanges() {}

  /// The largest magnitude in each channel's columns, over all readers.
  static float[] of(Model model, ScaleSite site) {
    int width = tensor(model, site.readers().getFirst()).shape().columns();
    float[] largest = new float[width];
    float[] row = new float[width];
    for (String reader : site.readers()) {
      Tensor weight = tensor(model, reader);
      for (long r = 0; r < weight.shape().rows(); r++) {
        weight.rows(r, 1, row, 0);
        for (int j = 0; j < width; j++) {
          largest[j] = Math.max(largest[j], Math.abs(row[j]));
        }
      }
    }
    return site.gathered(largest);
  }

  private static Tensor tensor(Model model, String name) {
    return Objects.requireNonNull(model.tensors().get(name));
  }
}
