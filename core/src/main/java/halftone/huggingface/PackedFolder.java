package halftone.huggingface;

import com.grack.nanojson.JsonWriter;
import halftone.model.Model;
import halftone.model.PartFile;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.parts.Field;
import halftone.parts.GroupCodes;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Writes a folder as Hugging Face keeps models, the linear layers of its blocks packed in 4 bits
/// as GPTQ or AWQ checkpoints have them ([Packing]). Tensors that nobody changed are copied byte by
/// byte, and so are the files beside them.
public final class PackedFolder {
  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.safetensors";

  private final ModelFolder source;
  private final Packing packing;
  private final Model model;
  private final Map<String, GroupCodes> codes;

  private PackedFolder(
      ModelFolder source, Packing packing, Model model, Map<String, GroupCodes> codes) {
    this.source = source;
    this.packing = packing;
    this.model = model;
    this.codes = codes;
  }

  /// Whether a weight of this GGUF name is packed: the linear layers of blocks are.
  public static boolean isPacked(String name, Model model) {
    return name.startsWith("blk.") && model.linears().contains(name);
  }

  /// @throws IllegalArgumentException naming a weight that does not divide into groups and words
  public static void requirePackable(Model model, Packing packing) {
    for (Tensor tensor : model.tensors().values()) {
      if (isPacked(tensor.name(), model)
          && (packing.groups(tensor.shape().columns()).isEmpty()
              || tensor.shape().rows() % packing.perWord() != 0)) {
        throw new IllegalArgumentException(
            "%s of %s is no whole number of groups of %d inputs and of %d outputs; name a smaller group that divides them"
                .formatted(tensor.name(), tensor.shape(), packing.group(), packing.perWord()));
      }
    }
  }

  /// @throws IOException when there is something of that name already, or it cannot be made
  public static void requireNew(Path output) throws IOException {
    if (Files.exists(output)) {
      throw new FileAlreadyExistsException(
          output.toString(), null, "it exists; name a new folder or remove it");
    }
    PartFile.requireWritable(output, List.of());
  }

  /// Writes a folder that appears whole or not at all.
  ///
  /// @param model the source's network, or a rewrite of it with the same tensors
  /// @param codes of every weight that [#isPacked], by GGUF name
  /// @param actOrder whether columns were rounded in another order than their own
  /// @return bytes of its weights
  public static long write(
      ModelFolder source,
      Path output,
      Packing packing,
      Model model,
      Map<String, GroupCodes> codes,
      boolean actOrder)
      throws IOException {
    requireNew(output);
    requireSameTensors(source, model);
    PackedFolder writer = new PackedFolder(source, packing, model, codes);
    Path absolute = output.toAbsolutePath();
    Path part =
        Files.createTempDirectory(
            Objects.requireNonNull(absolute.getParent()), absolute.getFileName() + ".part");
    try {
      writer.copyOthers(part);
      Files.writeString(part.resolve(CONFIG), writer.config(actOrder));
      SafetensorsFile file = new SafetensorsFile(Map.of("format", "pt"), writer.fields());
      file.write(part.resolve(WEIGHTS), source.files());
      Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE);
      return file.bytes();
    } finally {
      removeIfThere(part);
    }
  }

  /// @param model a rewrite of the source's network
  /// @throws IllegalArgumentException when a checkpoint of this family has no place for it
  public static void requireSameTensors(ModelFolder source, Model model) {
    Tensor embedding = source.tensors().get(TensorNames.EMBEDDING);
    if (!model.tensors().keySet().equals(source.tensors().keySet())
        || model.tensors().get(TensorNames.EMBEDDING) != embedding) {
      throw new IllegalArgumentException(
          "the rewrite changes the embedding, which a checkpoint of this family shares; take one that scales channels");
    }
  }

  private static void removeIfThere(Path part) throws IOException {
    if (Files.exists(part)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(part)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(part);
    }
  }

  /// The vocabulary and whatever else is no weight.
  private void copyOthers(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(source.path())) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        boolean weights = name.matches(".*\\.(safetensors|bin|pt|pth|gguf|onnx)|.*\\.index\\.json");
        if (Files.isRegularFile(file)
            && !weights
            && !name.equals(CONFIG)
            && !name.startsWith(".")) {
          Files.copy(file, folder.resolve(name));
        }
      }
    }
  }

  private String config(boolean actOrder) throws IOException {
    SequencedMap<String, @Nullable Object> values =
        new LinkedHashMap<>(JsonObject.read(source.path().resolve(CONFIG)).values());
    values.put("quantization_config", packing.description(actOrder));
    return JsonWriter.indent("  ").string().value(values).done();
  }

  private SequencedMap<String, Field> fields() {
    SequencedMap<String, Field> fields = new LinkedHashMap<>();
    Conversion conversion = source.conversion();
    for (StoredTensor stored : conversion.shards().tensors().values()) {
      String name = new TensorNames(conversion.family()).of(stored.name()).orElse("");
      Tensor tensor = model.tensors().get(name);
      GroupCodes packed = codes.get(name);
      if (packed != null) {
        String layer = stored.name().replaceFirst("\\.weight$", "");
        int[] order = order(conversion.change(name), packed.rows());
        fields.putAll(new PackedFields(packing, layer, order).of(packed));
      } else if (tensor == null || tensor == source.tensors().get(name)) {
        fields.put(stored.name(), new Field(stored.type(), stored.extents(), stored.bytes()));
      } else {
        fields.put(stored.name(), changed(stored, tensor, conversion.change(name)));
      }
    }
    return fields;
  }

  /// For every row in GGUF's order where it stands in the checkpoint.
  private static int[] order(Change change, int rows) {
    LongUnaryOperator order =
        change instanceof Change.Interleave interleave
            ? interleave.order()
            : LongUnaryOperator.identity();
    int[] stored = new int[rows];
    for (int row = 0; row < rows; row++) {
      stored[row] = Math.toIntExact(order.applyAsLong(row));
    }
    return stored;
  }

  /// A tensor of a rewrite, back in the checkpoint's order, offset and type.
  private static Field changed(StoredTensor stored, Tensor tensor, Change change) {
    int rows = Math.toIntExact(tensor.shape().rows());
    int columns = tensor.shape().columns();
    float[] values = new float[rows * columns];
    tensor.rows(0, rows, values, 0);
    boolean vector = stored.extents().size() < 2;
    int[] order = order(change, vector ? columns : rows);
    int width = vector ? 1 : columns;
    float[] back = new float[values.length];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(values, i * width, back, order[i] * width, width);
    }
    if (change instanceof Change.PlusOne) {
      for (int i = 0; i < back.length; i++) {
        back[i] -= 1;
      }
    }
    return new Field(stored.type(), stored.extents(), encoded(back, stored.type()));
  }

  private static MemorySegment encoded(float[] values, String type) {
    if (!(NumberFormats.named(type) instanceof WeightFormat format)) {
      throw new IllegalArgumentException("a rewrite of weights of " + type + " is not written");
    }
    MemorySegment bytes =
        MemorySegment.ofArray(new byte[Math.toIntExact(format.layout().bytesOf(values.length))]);
    format.encode(values, 0, 1, values.length, null, bytes, 0);
    return bytes;
  }
}
