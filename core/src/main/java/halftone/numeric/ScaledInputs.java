package halftone.numeric;

/// Inputs rounded to the numbers of an element format under one dynamic scale, the largest
/// magnitude over the format's largest number: what runtimes with 8- or 4-bit activations do
/// (SmoothQuant, arXiv 2211.10438; QuaRot, arXiv 2404.00456).
public record ScaledInputs(ElementFormat element, Sharing sharing) implements InputRounding {
  /// The least largest magnitude that a scale is made for, as SmoothQuant's code has it.
  private static final float LEAST = 1e-5f;

  /// Which inputs share a scale.
  public enum Sharing {
    /// Those of one token.
    TOKEN,
    /// Those of all tokens of a sequence.
    TENSOR
  }

  /// Rounds the inputs of one sequence, `tokens` rows of `columns` values from `values[at]`.
  public void round(float[] values, int at, int tokens, int columns) {
    int together = sharing == Sharing.TOKEN ? columns : tokens * columns;
    for (int from = at; from < at + tokens * columns; from += together) {
      roundTogether(values, from, from + together);
    }
  }

  private void roundTogether(float[] values, int from, int to) {
    float largest = LEAST;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    float scale = largest / element.largest();
    for (int i = from; i < to; i++) {
      values[i] = element.value(element.nearest(values[i] / scale)) * scale;
    }
  }
}
