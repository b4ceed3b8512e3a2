package halftone.huggingface;

import com.grack.nanojson.JsonWriter;
import halftone.model.PartFile;
import halftone.parts.Field;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// A safetensors file that is to be written: the texts of its header, and its arrays in the order
/// of the file.
record SafetensorsFile(Map<String, String> texts, SequencedMap<String, Field> fields) {
  private static final int ALIGNMENT = 8;
  private static final int PIECE = 1 << 24;

  /// How many bytes the file has.
  long bytes() {
    return start().remaining()
        + fields.values().stream().mapToLong(field -> field.bytes().byteSize()).sum();
  }

  /// Writes the file, under its name only when it is whole.
  ///
  /// @param inputs files being read, which the output may not replace
  void write(Path output, Collection<Path> inputs) throws IOException {
    try (PartFile file = PartFile.create(output, inputs)) {
      file.append(start());
      for (Field field : fields.values()) {
        append(file, field.bytes());
      }
      file.commit();
    }
  }

  private static void append(PartFile file, MemorySegment bytes) throws IOException {
    for (long from = 0; from < bytes.byteSize(); from += PIECE) {
      long length = Math.min(PIECE, bytes.byteSize() - from);
      file.append(bytes.asSlice(from, length).asByteBuffer());
    }
  }

  private ByteBuffer start() {
    byte[] bytes = header().getBytes(StandardCharsets.UTF_8);
    int length = Math.ceilDiv(bytes.length, ALIGNMENT) * ALIGNMENT;
    ByteBuffer start = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(length).put(bytes);
    while (start.hasRemaining()) {
      start.put((byte) ' ');
    }
    return start.flip();
  }

  private String header() {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", texts);
    long offset = 0;
    for (Map.Entry<String, Field> entry : fields.entrySet()) {
      Field field = entry.getValue();
      long end = offset + field.bytes().byteSize();
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("dtype", field.type());
      line.put("shape", field.extents());
      line.put("data_offsets", List.of(offset, end));
      header.put(entry.getKey(), line);
      offset = end;
    }
    return JsonWriter.string(header);
  }
}
