package halftone.tensor;

import java.util.List;

/// Extents of a tensor, the contiguous one first, as GGML orders them.
///
/// Example: a linear layer from 768 inputs to 1536 outputs is `{768, 1536}`: 1536 rows of 768
/// columns.
public record Shape(List<Long> extents) {
  public Shape {
    extents = List.copyOf(extents);
    if (extents.isEmpty() || extents.stream().anyMatch(n -> n < 0)) {
      throw new IllegalArgumentException(
          "a shape needs one or more non-negative extents, not " + extents);
    }
    // Throws where the elements do not fit in a long.
    long unused = extents.stream().reduce(1L, Math::multiplyExact);
  }

  public static Shape of(long... extents) {
    return new Shape(java.util.Arrays.stream(extents).boxed().toList());
  }

  /// Length of a row: the contiguous extent.
  public int columns() {
    return Math.toIntExact(extents.getFirst());
  }

  /// All extents but the contiguous one, multiplied.
  public long rows() {
    long rows = 1;
    for (int i = 1; i < extents.size(); i++) {
      rows = Math.multiplyExact(rows, extents.get(i));
    }
    return rows;
  }

  public long elements() {
    return Math.multiplyExact(columns(), rows());
  }

  @Override
  public String toString() {
    return extents.stream().map(String::valueOf).collect(java.util.stream.Collectors.joining("×"));
  }
}
