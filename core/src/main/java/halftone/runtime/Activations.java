package halftone.runtime;

import halftone.kernel.Floats;

/// The residual stream (or any other value) of some sequences of equal length: one row of `width`
/// floats a token, token t of sequence s in row s · length + t.
public record Activations(int sequences, int length, int width, Floats floats) {
  public Activations {
    if (floats.array().length != sequences * length * width) {
      throw new IllegalArgumentException(
          "not %d×%d×%d values: %d".formatted(sequences, length, width, floats.array().length));
    }
  }

  public Activations(int sequences, int length, int width, float[] values) {
    this(sequences, length, width, new Floats(values));
  }

  public float[] values() {
    return floats.array();
  }

  public int rows() {
    return sequences * length;
  }
}
