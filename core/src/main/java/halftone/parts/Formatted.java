package halftone.parts;

import halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// All of a weight in one number format. Stored as `bytes` U8, rows one after the other.
public record Formatted(Tensor tensor) implements Part {
  @Override
  public String kind() {
    return "format";
  }

  @Override
  public int rows() {
    return Math.toIntExact(tensor.shape().rows());
  }

  @Override
  public int columns() {
    return tensor.shape().columns();
  }

  @Override
  public void add(int from, int count, float[] out, int at) {
    float[] values = new float[count * columns()];
    tensor.rows(from, count, values, 0);
    for (int i = 0; i < values.length; i++) {
      out[at + i] += values[i];
    }
  }

  @Override
  public SequencedMap<String, Field> fields() {
    SequencedMap<String, Field> fields = new LinkedHashMap<>();
    fields.put("bytes", new Field("U8", java.util.List.of(tensor.byteSize()), tensor.bytes()));
    return fields;
  }
}
