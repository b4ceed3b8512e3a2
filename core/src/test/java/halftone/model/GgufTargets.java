package halftone.model;

import halftone.fuzz.FuzzTarget;
import halftone.numeric.NumberFormat;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;

/// GGUF files to damage.
public final class GgufTargets {
  private static final int MOST_COLUMNS = 1 << 16;

  private GgufTargets() {}

  /// Any GGUF file: header, graph, metadata, a row of each tensor.
  public static FuzzTarget model(Path folder) throws IOException {
    List<byte[]> seeds = new ArrayList<>(List.of(GgufExample.bytes(), everyType(folder)));
    for (TinyDecoder tiny : TinyDecoder.ALL) {
      seeds.add(small(folder, new TinyDecoder(tiny.architecture(), 1, tiny.headSize(), 1)));
    }
    return new FuzzTarget(
        "gguf",
        400,
        seeds,
        input -> {
          try (GgufFile file = GgufBytes.open(FuzzTarget.FILE, input)) {
            use(file);
          }
        },
        Set.of(MalformedFileException.class, UnsupportedModelException.class));
  }

  private static void use(GgufFile file) {
    Model model = ModelReader.read(file);
    if (Architectures.obstacle(model).isPresent() != model.stages().isEmpty()) {
      throw new IllegalStateException("a graph and an obstacle, or neither");
    }
    long length = 0;
    for (Map.Entry<String, GgufValue> entry : model.metadata().entrySet()) {
      length += (entry.getKey() + entry.getValue()).length();
    }
    if (length < 0) {
      throw new IllegalStateException("metadata without text");
    }
    for (Tensor tensor : model.tensors().values()) {
      if (tensor.shape().columns() <= MOST_COLUMNS) {
        tensor.rows(0, 1, new float[tensor.shape().columns()], 0);
      }
    }
  }

  /// A network with few bytes: without a vocabulary, its matrices all zeros of two bits or eight.
  private static byte[] small(Path folder, TinyDecoder tiny) throws IOException {
    SequencedMap<String, GgufValue> metadata = tiny.metadata();
    metadata.keySet().removeIf(key -> key.startsWith("tokenizer"));
    List<GgufValue> texts = List.of(new GgufValue.Text("one"), new GgufValue.Text(""));
    metadata.put("test.texts", new GgufValue.Array(GgufType.STRING.id(), texts));
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (Tensor tensor : tiny.tensors().values()) {
      tensors.put(tensor.name(), tensor.shape().rows() == 1 ? tensor : zeros(tensor));
    }
    return bytes(TinyLlama.write(folder.resolve("small"), metadata, tensors));
  }

  private static Tensor zeros(Tensor tensor) {
    NumberFormat format =
        tensor.shape().columns() % 64 == 0 ? GgmlType.Q2_0.format() : GgmlType.Q8_0.format();
    byte[] bytes = new byte[Math.toIntExact(Tensor.bytesOf(tensor.shape(), format))];
    return new Tensor(tensor.name(), tensor.shape(), format, MemorySegment.ofArray(bytes));
  }

  private static byte[] everyType(Path folder) throws IOException {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (GgmlType type : GgmlType.values()) {
      NumberFormat format = type.format();
      byte[] blocks = new byte[(int) format.layout().bytesOf(256)];
      new Random(blocks.length).nextBytes(blocks);
      tensors.put(
          format.id(),
          new Tensor(format.id(), Shape.of(256), format, MemorySegment.ofArray(blocks)));
    }
    SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", new GgufValue.Text("unknown"));
    return bytes(TinyLlama.write(folder.resolve("types"), metadata, tensors));
  }

  private static byte[] bytes(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    return bytes;
  }

  /// The second of two parts.
  public static FuzzTarget parts(Path folder) throws IOException {
    TinyLlama tiny = new TinyLlama(16, 1, 2, 1, 32, true, 5);
    int count = tiny.tensors().size();
    SequencedMap<String, GgufValue> none = new LinkedHashMap<>();
    byte[] first =
        bytes(
            TinyLlama.write(
                folder.resolve("part"),
                SplitKeys.with(tiny.metadata(), 1, 2, count),
                new LinkedHashMap<>()));
    byte[] second =
        bytes(
            TinyLlama.write(
                folder.resolve("part"), SplitKeys.with(none, 2, 2, count), tiny.tensors()));
    return new FuzzTarget(
        "gguf part",
        60,
        List.of(second),
        input -> {
          try (GgufFile one = GgufBytes.open(FuzzTarget.FILE, first);
              GgufFile other = GgufBytes.open(FuzzTarget.FILE, input)) {
            SplitFile.join(Path.of(FuzzTarget.FILE), List.of(one, other), Arena.ofAuto());
          }
        },
        Set.of(MalformedFileException.class));
  }
}
