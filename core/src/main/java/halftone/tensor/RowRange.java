package halftone.tensor;

import org.jspecify.annotations.Nullable;

/// Some neighbouring rows of a weight, as a weight.
public record RowRange(Weight weight, long first, int count) implements Weight {
  @Override
  public Shape shape() {
    return Shape.of(weight.shape().columns(), count);
  }

  @Override
  public void rows(long from, int howMany, float[] out, int at) {
    weight.rows(first + from, howMany, out, at);
  }

  @Override
  public short @Nullable [] halves(long from, int howMany) {
    return weight.halves(first + from, howMany);
  }
}
