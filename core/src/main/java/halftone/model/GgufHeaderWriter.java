package halftone.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// Lays out what stands before the tensors, in memory: version 3, little-endian, tensors at the
/// offsets the format prescribes.
final class GgufHeaderWriter {
  private static final int MAGIC = 0x46554747;
  private static final int VERSION = 3;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private GgufHeaderWriter() {}

  /// The header with its padding. A file without tensors ends without any.
  static byte[] write(SequencedMap<String, GgufValue> metadata, List<TensorInfo> tensors) {
    GgufHeaderWriter writer = new GgufHeaderWriter();
    writer.i32(MAGIC);
    writer.i32(VERSION);
    writer.i64(tensors.size());
    writer.i64(metadata.size());
    metadata.forEach(writer::entry);
    writer.table(tensors, alignment(metadata));
    return writer.out.toByteArray();
  }

  /// The alignment a file with this metadata has.
  static int alignment(SequencedMap<String, GgufValue> metadata) {
    return switch (metadata.get(GgufFile.ALIGNMENT)) {
      case null -> GgufFile.DEFAULT_ALIGNMENT;
      case GgufValue.U32(long value) when Long.bitCount(value) == 1 -> Math.toIntExact(value);
      case GgufValue other ->
          throw new IllegalArgumentException(
              GgufFile.ALIGNMENT + " must be a UINT32 power of two, not " + other);
    };
  }

  private void entry(String key, GgufValue value) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a metadata key is empty");
    }
    text(key);
    i32(GgufType.of(value).id());
    value(value);
  }

  private void value(GgufValue value) {
    switch (value) {
      case GgufValue.Text(String text) -> text(text);
      case GgufValue.Array(int type, List<GgufValue> elements) -> array(type, elements);
      default -> {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        GgufScalars.write(value, bytes);
        out.write(bytes.array(), 0, bytes.position());
      }
    }
  }

  private void array(int type, List<GgufValue> elements) {
    if (type == GgufType.ARRAY.id()) {
      throw new IllegalArgumentException("GGUF has no arrays of arrays");
    }
    i32(type);
    i64(elements.size());
    if (elements instanceof PackedArray packed) {
      out.writeBytes(packed.bytes());
      return;
    }
    for (GgufValue element : elements) {
      if (GgufType.of(element).id() != type) {
        throw new IllegalArgumentException(element + " in an array of type " + type);
      }
      value(element);
    }
  }

  private void table(List<TensorInfo> tensors, int alignment) {
    Set<String> names = new HashSet<>();
    long offset = 0;
    for (TensorInfo tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException("two tensors are named " + tensor.name());
      }
      tensor(tensor, offset);
      offset = GgufHeader.align(Math.addExact(offset, tensor.bytes()), alignment);
    }
    if (!tensors.isEmpty()) {
      int padded = Math.toIntExact(GgufHeader.align(out.size(), alignment));
      out.writeBytes(new byte[padded - out.size()]);
    }
  }

  private void tensor(TensorInfo tensor, long offset) {
    int nameBytes = GgufText.encode(tensor.name()).length;
    int extents = tensor.shape().extents().size();
    if (nameBytes < 1 || nameBytes > 63 || extents > 4) {
      throw new IllegalArgumentException(
          "GGUF tensors have names of 1 to 63 bytes and at most 4 extents: " + tensor);
    }
    text(tensor.name());
    i32(extents);
    tensor.shape().extents().forEach(this::i64);
    i32(GgmlType.of(tensor.format()).id());
    i64(offset);
  }

  private void text(String text) {
    byte[] bytes = GgufText.encode(text);
    i64(bytes.length);
    out.writeBytes(bytes);
  }

  private void i32(int value) {
    out.writeBytes(little(Integer.BYTES).putInt(value).array());
  }

  private void i64(long value) {
    out.writeBytes(little(Long.BYTES).putLong(value).array());
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
