package halftone.huggingface;

import com.grack.nanojson.JsonWriter;
import halftone.model.GgufValue;
import halftone.model.MetadataBytes;
import halftone.model.PartFile;
import halftone.parts.Composite;
import halftone.parts.Field;
import halftone.parts.Formatted;
import halftone.parts.Part;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Writes a [HalftoneFile], under its name only when it is whole.
public final class HalftoneWriter {
  /// The tensor that holds the metadata.
  static final String METADATA = "halftone.metadata";

  /// Keys of the header's metadata: the version of the layout, and what weights are made of.
  static final String FORMAT = "halftone.layout";

  static final String WEIGHTS = "weights";

  /// Formats whose tensors need no description.
  static final List<String> PLAIN = List.of("F32", "F16", "BF16");

  private static final int ALIGNMENT = 8;
  private static final int PIECE = 1 << 24;

  private final SequencedMap<String, Field> fields = new LinkedHashMap<>();
  private final Map<String, Object> weights = new LinkedHashMap<>();

  private HalftoneWriter() {}

  /// Writes a model.
  ///
  /// @param tensors of the model, in order; those in `composites` are taken from there
  /// @param composites weights in parts, by name
  /// @param inputs files being read, which the output may not replace
  public static void write(
      Path output,
      SequencedMap<String, GgufValue> metadata,
      Collection<Tensor> tensors,
      Map<String, Composite> composites,
      Collection<Path> inputs)
      throws IOException {
    HalftoneWriter writer = of(metadata, tensors, composites);
    try (PartFile file = PartFile.create(output, inputs)) {
      file.append(start(writer.header()));
      for (Field field : writer.fields.values()) {
        append(file, field.bytes());
      }
      file.commit();
    }
  }

  /// How many bytes the file would have.
  public static long bytes(
      SequencedMap<String, GgufValue> metadata,
      Collection<Tensor> tensors,
      Map<String, Composite> composites) {
    HalftoneWriter writer = of(metadata, tensors, composites);
    long data = writer.fields.values().stream().mapToLong(f -> f.bytes().byteSize()).sum();
    return start(writer.header()).remaining() + data;
  }

  private static HalftoneWriter of(
      SequencedMap<String, GgufValue> metadata,
      Collection<Tensor> tensors,
      Map<String, Composite> composites) {
    HalftoneWriter writer = new HalftoneWriter();
    byte[] header = MetadataBytes.write(metadata);
    writer.fields.put(
        METADATA, new Field("U8", List.of((long) header.length), MemorySegment.ofArray(header)));
    for (Tensor tensor : tensors) {
      Composite composite = composites.get(tensor.name());
      if (composite != null) {
        writer.add(tensor.name(), composite);
      } else if (PLAIN.contains(tensor.format().id())) {
        writer.add(tensor);
      } else {
        writer.add(tensor.name(), Composite.of(tensor.shape(), new Formatted(tensor)));
      }
    }
    return writer;
  }

  private void add(Tensor tensor) {
    List<Long> extents = new ArrayList<>(tensor.shape().extents()).reversed();
    fields.put(tensor.name(), new Field(tensor.format().id(), extents, tensor.bytes()));
  }

  private void add(String name, Composite composite) {
    List<Object> descriptions = new ArrayList<>();
    for (int i = 0; i < composite.parts().size(); i++) {
      Part part = composite.parts().get(i);
      String prefix = name + "." + i + ".";
      part.fields().forEach((field, values) -> fields.put(prefix + field, values));
      descriptions.add(PartDescription.of(part));
    }
    Map<String, Object> weight = new LinkedHashMap<>();
    weight.put("columns", composite.shape().columns());
    weight.put("rows", composite.shape().rows());
    weight.put("parts", descriptions);
    weights.put(name, weight);
  }

  private String header() {
    Map<String, Object> header = new LinkedHashMap<>();
    Map<String, Object> texts = new LinkedHashMap<>();
    texts.put(FORMAT, "1");
    texts.put(WEIGHTS, JsonWriter.string(weights));
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

  private static ByteBuffer start(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.ceilDiv(bytes.length, ALIGNMENT) * ALIGNMENT;
    ByteBuffer start = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(length).put(bytes);
    while (start.hasRemaining()) {
      start.put((byte) ' ');
    }
    return start.flip();
  }

  private static void append(PartFile file, MemorySegment bytes) throws IOException {
    for (long from = 0; from < bytes.byteSize(); from += PIECE) {
      long length = Math.min(PIECE, bytes.byteSize() - from);
      file.append(bytes.asSlice(from, length).asByteBuffer());
    }
  }
}
