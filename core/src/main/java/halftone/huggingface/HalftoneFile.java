package halftone.huggingface;

import halftone.model.GgufValue;
import halftone.model.MalformedFileException;
import halftone.model.MetadataBytes;
import halftone.model.ModelSource;
import halftone.numeric.NumberFormats;
import halftone.parts.Composite;
import halftone.parts.Field;
import halftone.parts.Part;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// A model in safetensors as Halftone lays it out for what GGUF cannot hold: rows or groups of
/// different widths, codebooks by row, sparse outliers, low-rank corrections
/// (docs/halftone-layout.md).
///
/// The tensor [HalftoneWriter#METADATA] holds the metadata of a GGUF file. A weight in parts is
/// listed in the header's metadata under `weights`, and its arrays are named `WEIGHT.PART.ARRAY`;
/// everything else is a plain tensor under GGUF's name.
public final class HalftoneFile implements ModelSource {
  private final Path path;
  private final Arena arena;
  private final SequencedMap<String, GgufValue> metadata;
  private final SequencedMap<String, Tensor> tensors;
  private final SequencedMap<String, Composite> composites;

  private HalftoneFile(
      Path path,
      Arena arena,
      SequencedMap<String, GgufValue> metadata,
      SequencedMap<String, Tensor> tensors,
      SequencedMap<String, Composite> composites) {
    this.path = path;
    this.arena = arena;
    this.metadata = Collections.unmodifiableSequencedMap(metadata);
    this.tensors = Collections.unmodifiableSequencedMap(tensors);
    this.composites = Collections.unmodifiableSequencedMap(composites);
  }

  /// Opens a file; close the result to unmap it.
  ///
  /// @throws MalformedFileException when the file breaks a rule of the layout
  /// @throws IOException when it cannot be read
  public static HalftoneFile open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      return new Reading(path, SafetensorsReader.mapWithText(path, arena)).file(arena);
    } catch (IOException | RuntimeException failure) {
      arena.close();
      throw failure;
    }
  }

  /// The weights that are made of parts.
  public SequencedMap<String, Composite> composites() {
    return composites;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public List<Path> files() {
    return List.of(path);
  }

  @Override
  public SequencedMap<String, GgufValue> metadata() {
    return metadata;
  }

  @Override
  public SequencedMap<String, Tensor> tensors() {
    return tensors;
  }

  @Override
  public Optional<String> origin() {
    return composites.isEmpty()
        ? Optional.empty()
        : Optional.of(composites.size() + " weights in parts");
  }

  @Override
  public void close() {
    arena.close();
  }

  /// What is known of a file while it is read.
  private record Reading(Path path, SafetensorsReader.Mapped mapped) {
    private HalftoneFile file(Arena arena) {
      StoredTensor header = mapped.tensors().get(HalftoneWriter.METADATA);
      if (header == null || !mapped.text(HalftoneWriter.FORMAT).equals(Optional.of("1"))) {
        throw malformed(
            "header",
            "no metadata of a Halftone file",
            "weights alone are no model; name the folder, with config.json and tokenizer");
      }
      SequencedMap<String, Composite> composites = composites();
      SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
      for (StoredTensor stored : mapped.tensors().values()) {
        String weight = weightOf(stored.name(), composites);
        if (!weight.isEmpty()) {
          Composite composite = composites.get(weight);
          if (composite != null) {
            tensors.putIfAbsent(weight, composite.tensor(weight));
          }
        } else if (!stored.name().equals(HalftoneWriter.METADATA)) {
          tensors.put(stored.name(), plain(stored));
        }
      }
      return new HalftoneFile(
          path, arena, MetadataBytes.read(path.toString(), header.bytes()), tensors, composites);
    }

    private SequencedMap<String, Composite> composites() {
      JsonObject weights =
          JsonObject.parse(path.toString(), mapped.text(HalftoneWriter.WEIGHTS).orElse("{}"));
      SequencedMap<String, Composite> composites = new LinkedHashMap<>();
      for (String name : weights.values().sequencedKeySet()) {
        JsonObject description =
            weights
                .object(name)
                .orElseThrow(() -> malformed(name, "null", "it must describe a weight"));
        try {
          composites.put(name, composite(name, description));
        } catch (IllegalArgumentException broken) {
          throw malformed(
              name, String.valueOf(broken.getMessage()), "the file is damaged; make it again");
        }
      }
      return composites;
    }

    private Composite composite(String name, JsonObject description) {
      Shape shape = Shape.of(description.requireInt("columns"), description.requireInt("rows"));
      List<Part> parts = new ArrayList<>();
      List<JsonObject> descriptions = description.objects("parts");
      for (int i = 0; i < descriptions.size(); i++) {
        parts.add(PartDescription.read(descriptions.get(i), shape, fields(name + "." + i + ".")));
      }
      return new Composite(shape, parts);
    }

    private SequencedMap<String, Field> fields(String prefix) {
      SequencedMap<String, Field> fields = new LinkedHashMap<>();
      for (StoredTensor stored : mapped.tensors().values()) {
        if (stored.name().startsWith(prefix)) {
          fields.put(
              stored.name().substring(prefix.length()),
              new Field(stored.type(), stored.extents(), stored.bytes()));
        }
      }
      return fields;
    }

    /// The weight in parts whose array this is; empty for a plain tensor.
    private static String weightOf(String array, SequencedMap<String, Composite> composites) {
      int field = array.lastIndexOf('.');
      int part = field < 0 ? -1 : array.lastIndexOf('.', field - 1);
      String weight = part < 0 ? "" : array.substring(0, part);
      return composites.containsKey(weight) ? weight : "";
    }

    private Tensor plain(StoredTensor stored) {
      if (!HalftoneWriter.PLAIN.contains(stored.type())) {
        throw malformed(stored.name(), stored.type(), "plain tensors are F32, F16 or BF16");
      }
      long[] extents = new long[stored.extents().size()];
      for (int i = 0; i < extents.length; i++) {
        extents[i] = stored.extents().get(extents.length - 1 - i);
      }
      return new Tensor(
          stored.name(), Shape.of(extents), NumberFormats.named(stored.type()), stored.bytes());
    }

    private MalformedFileException malformed(String field, String found, String remedy) {
      return new MalformedFileException(path.toString(), field, found, remedy);
    }
  }
}
