package halftone.parts;

import halftone.tensor.ComputedRows;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import java.util.Arrays;
import java.util.List;

/// A weight that is the sum of its parts. A row is decoded by adding what each part says of it.
public record Composite(Shape shape, List<Part> parts) implements Weight {
  public Composite {
    parts = List.copyOf(parts);
    for (Part part : parts) {
      if (part.rows() != shape.rows() || part.columns() != shape.columns()) {
        throw new IllegalArgumentException(
            "a part of %d × %d in a weight of %s".formatted(part.columns(), part.rows(), shape));
      }
    }
  }

  public static Composite of(Shape shape, Part... parts) {
    return new Composite(shape, List.of(parts));
  }

  @Override
  public void rows(long from, int count, float[] out, int at) {
    Arrays.fill(out, at, at + Math.multiplyExact(count, shape.columns()), 0);
    for (Part part : parts) {
      part.add(Math.toIntExact(from), count, out, at);
    }
  }

  /// Bytes of all that is stored.
  public long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }

  public double bitsPerWeight() {
    return 8.0 * bytes() / shape.elements();
  }

  /// As engines read it: float32 rows, computed when asked for.
  public Tensor tensor(String name) {
    return ComputedRows.tensor(name, this);
  }
}
