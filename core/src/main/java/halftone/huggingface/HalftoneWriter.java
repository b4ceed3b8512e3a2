package halftone.huggingface;

import com.grack.nanojson.JsonWriter;
import halftone.model.GgufValue;
import halftone.model.MetadataBytes;
import halftone.parts.Composite;
import halftone.parts.Field;
import halftone.parts.Formatted;
import halftone.parts.Part;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
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
    of(metadata, tensors, composites).file().write(output, inputs);
  }

  /// How many bytes the file would have.
  public static long bytes(
      SequencedMap<String, GgufValue> metadata,
      Collection<Tensor> tensors,
      Map<String, Composite> composites) {
    return of(metadata, tensors, composites).file().bytes();
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

  private SafetensorsFile file() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(FORMAT, "1");
    texts.put(WEIGHTS, JsonWriter.string(weights));
    return new SafetensorsFile(texts, fields);
  }
}
