package halftone.quantizer;

import halftone.method.Card;
import halftone.method.Need;
import halftone.numeric.WeightFormat;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.Set;

/// The format's own reference encoder: scales and codes row by row, weighted by importance where
/// there is one. What llama.cpp's presets do.
public record FormatEncoder() implements Quantizer {
  private static final int ROWS = 32;

  @Override
  public Card card() {
    return new Card(
        "format-encoder",
        "the format's own encoder",
        "ggml (pull requests 1684, 4861, 5590 …)",
        Set.of(Need.IMPORTANCE));
  }

  @Override
  public Tensor quantize(
      String name, Weight weight, WeightFormat format, LayerInputs inputs, Workers workers) {
    int columns = weight.shape().columns();
    return RowPanels.encode(
        name,
        weight,
        format,
        ROWS,
        workers,
        (first, count, out, offset) -> {
          boolean readsHalves = inputs.importance() == null && format.readsHalves();
          short[] halves = readsHalves ? weight.halves(first, count) : null;
          if (halves != null) {
            format.encodeHalves(halves, count, columns, out, offset);
          } else {
            float[] values = RowPanels.values(weight, first, count);
            format.encode(values, 0, count, columns, inputs.importance(), out, offset);
          }
        });
  }
}
