package halftone.evidence;

import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.GgufType;
import halftone.model.GgufValue;
import halftone.model.GgufWriter;
import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import halftone.model.TensorInfo;
import halftone.numeric.NumberFormat;
import halftone.numeric.NumberFormats;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The GGUF form: for each weight two F32 tensors, `NAME.in_sum2` {columns, matrices} and
/// `NAME.counts` {1, matrices}; a last extent of 1 is left out. Source: llama.cpp, `tools/imatrix`,
/// August 2026.
final class ImportanceFileGguf {
  private static final String SUMS = ".in_sum2";
  private static final String COUNTS = ".counts";
  private static final String TYPE = "general.type";
  private static final String DATASETS = "imatrix.datasets";
  private static final String CHUNKS = "imatrix.chunk_count";
  private static final String CHUNK_SIZE = "imatrix.chunk_size";

  private ImportanceFileGguf() {}

  static ImportanceMatrix read(Path path) throws IOException {
    try (GgufFile file = GgufReader.open(path)) {
      return of(file);
    }
  }

  static ImportanceMatrix of(GgufFile file) {
    Metadata keys = file.keys();
    String type = keys.requireText(TYPE);
    if (!type.equals("imatrix")) {
      throw malformed(file.path(), TYPE, "'" + type + "'", "give an importance matrix");
    }
    int chunkSize = keys.requireInt(CHUNK_SIZE);
    if (chunkSize == 0) {
      throw malformed(file.path(), CHUNK_SIZE, "0", "it must be positive");
    }
    return new ImportanceMatrix(
        entries(file), keys.texts(DATASETS), keys.requireInt(CHUNKS), chunkSize);
  }

  private static SequencedMap<String, ImportanceMatrix.Entry> entries(GgufFile file) {
    SequencedMap<String, ImportanceMatrix.Entry> entries = new LinkedHashMap<>();
    for (String name : file.tensors().sequencedKeySet()) {
      if (name.endsWith(SUMS)) {
        String weight = name.substring(0, name.length() - SUMS.length());
        entries.put(weight, entry(file, weight));
      }
    }
    return entries;
  }

  private static ImportanceMatrix.Entry entry(GgufFile file, String weight) {
    float[] sums = floats(file, weight + SUMS);
    float[] counts = floats(file, weight + COUNTS);
    try {
      return new ImportanceMatrix.Entry(sums, counts);
    } catch (IllegalArgumentException wrong) {
      throw malformed(file.path(), weight, String.valueOf(wrong.getMessage()), "measure it again");
    }
  }

  private static float[] floats(GgufFile file, String name) {
    Tensor tensor = file.tensors().get(name);
    if (tensor == null) {
      throw malformed(file.path(), name, "no such tensor", "the file is incomplete");
    }
    if (!tensor.format().equals(f32())) {
      throw malformed(file.path(), name, "format " + tensor.format().id(), "it must be F32");
    }
    return tensor.bytes().toArray(floatLayout());
  }

  static void write(Path target, ImportanceMatrix matrix) throws IOException {
    List<TensorInfo> tensors = new ArrayList<>();
    matrix.entries().forEach((weight, entry) -> describe(weight, entry, tensors));
    try (GgufWriter writer = GgufWriter.create(target, metadata(matrix), tensors, List.of())) {
      for (var named : matrix.entries().entrySet()) {
        writer.write(named.getKey() + SUMS, bytes(named.getValue().sums()));
        writer.write(named.getKey() + COUNTS, bytes(named.getValue().counts()));
      }
      writer.commit();
    }
  }

  private static void describe(
      String weight, ImportanceMatrix.Entry entry, List<TensorInfo> tensors) {
    tensors.add(new TensorInfo(weight + SUMS, shape(entry.columns(), entry), f32()));
    tensors.add(new TensorInfo(weight + COUNTS, shape(1, entry), f32()));
  }

  private static Shape shape(int columns, ImportanceMatrix.Entry entry) {
    int matrices = entry.counts().length;
    return matrices == 1 ? Shape.of(columns) : Shape.of(columns, matrices);
  }

  private static SequencedMap<String, GgufValue> metadata(ImportanceMatrix matrix) {
    List<GgufValue> texts = new ArrayList<>();
    matrix.datasets().forEach(text -> texts.add(new GgufValue.Text(text)));
    SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put(TYPE, new GgufValue.Text("imatrix"));
    metadata.put(DATASETS, new GgufValue.Array(GgufType.STRING.id(), texts));
    metadata.put(CHUNKS, new GgufValue.U32(matrix.chunks()));
    metadata.put(CHUNK_SIZE, new GgufValue.U32(matrix.chunkSize()));
    return metadata;
  }

  private static MemorySegment bytes(float[] values) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[values.length * Float.BYTES]);
    MemorySegment.copy(values, 0, bytes, floatLayout(), 0, values.length);
    return bytes;
  }

  private static ValueLayout.OfFloat floatLayout() {
    return ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  }

  private static NumberFormat f32() {
    return NumberFormats.named("F32");
  }

  private static MalformedFileException malformed(
      Path path, String field, String found, String remedy) {
    return new MalformedFileException(path.toString(), field, found, remedy);
  }
}
