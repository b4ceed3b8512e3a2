package halftone.huggingface;

import com.grack.nanojson.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Writes safetensors files for tests.
final class SafetensorsWriter {
  private final SequencedMap<String, Object> header = new LinkedHashMap<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /// A tensor of these bytes, extents as PyTorch orders them.
  SafetensorsWriter add(String name, String type, List<Long> extents, byte[] bytes) {
    List<Integer> offsets = List.of(data.size(), data.size() + bytes.length);
    header.put(name, Map.of("dtype", type, "shape", extents, "data_offsets", offsets));
    data.writeBytes(bytes);
    return this;
  }

  SafetensorsWriter add(String name, List<Long> extents, float[] values, String type) {
    return add(name, type, extents, encode(values, type));
  }

  /// Values as F32, F16 or BF16, which must hold them exactly.
  static byte[] encode(float[] values, String type) {
    int size = type.equals("F32") ? Float.BYTES : Short.BYTES;
    ByteBuffer out = ByteBuffer.allocate(size * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case "F32" -> out.putFloat(value);
        case "F16" -> out.putShort(Float.floatToFloat16(value));
        case "BF16" -> out.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        default -> throw new IllegalArgumentException(type);
      }
    }
    return out.array();
  }

  byte[] bytes() {
    return file(JsonWriter.string(header), data.toByteArray());
  }

  Path write(Path target) throws IOException {
    return Files.write(target, bytes());
  }

  /// A file of this header, whatever it says.
  static byte[] file(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + text.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(data)
        .array();
  }
}
