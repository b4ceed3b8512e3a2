package halftone.runtime;

/// The residual stream (or any other value) of some sequences of equal length: one row of `width`
/// floats a token, token t of sequence s in row s · length + t.
public record Activations(int sequences, int length, int width, float[] values) {
  public Activations {
    if (values.length != sequences * length * width) {
      throw new IllegalArgumentException(
          "not %d×%d×%d values: %d".formatted(sequences, length, width, values.length));
    }
  }

  public int rows() {
    return sequences * length;
  }
}
