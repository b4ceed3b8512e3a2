package halftone.model;

import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.SequencedMap;

/// A [TinyLlama] that computes the same with every eighth channel of each norm's output `factor`
/// times larger and the columns behind it as much smaller: what trained networks look like that
/// have outlier channels.
public record UnevenChannels(TinyLlama tiny, SequencedMap<String, Tensor> tensors) {
  public static UnevenChannels of(TinyLlama tiny, float factor) {
    SequencedMap<String, Tensor> tensors = tiny.tensors();
    for (int block = 0; block < tiny.blocks(); block++) {
      String prefix = "blk." + block + ".";
      scale(tensors, prefix + "attn_norm.weight", factor);
      scale(tensors, prefix + "ffn_norm.weight", factor);
      for (String reader : new String[] {"attn_q", "attn_k", "attn_v", "ffn_gate", "ffn_up"}) {
        scale(tensors, prefix + reader + ".weight", 1 / factor);
      }
    }
    return new UnevenChannels(tiny, tensors);
  }

  private static void scale(SequencedMap<String, Tensor> tensors, String name, float factor) {
    Tensor tensor = java.util.Objects.requireNonNull(tensors.get(name));
    int columns = tensor.shape().columns();
    float[] values = new float[Math.toIntExact(tensor.shape().elements())];
    tensor.rows(0, Math.toIntExact(tensor.shape().rows()), values, 0);
    for (int i = 0; i < values.length; i++) {
      values[i] *= i % columns % 8 == 0 ? factor : 1;
    }
    MemorySegment bytes =
        MemorySegment.ofBuffer(
            java.nio.ByteBuffer.allocate(values.length * Float.BYTES)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN));
    MemorySegment.copy(
        values,
        0,
        bytes,
        java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(
            java.nio.ByteOrder.LITTLE_ENDIAN),
        0,
        values.length);
    tensors.put(name, new Tensor(name, tensor.shape(), tensor.format(), bytes));
  }

  /// In memory.
  public Model model() {
    return ModelReader.read(new Metadata("uneven llama", tiny.metadata()), tensors);
  }

  public Path write(Path target) throws IOException {
    return TinyLlama.write(target, tiny.metadata(), tensors);
  }
}
