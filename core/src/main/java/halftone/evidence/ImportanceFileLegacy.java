package halftone.evidence;

import halftone.model.MalformedFileException;
import halftone.model.PartFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The legacy form, little-endian: count of entries; per entry name, calls, count of values, values
/// (mean x²) · calls; then chunks and the dataset's name, which old files lack. A call is a chunk.
/// Experts' rows stand one after another and are not told apart. Source: llama.cpp,
/// `tools/imatrix`, August 2026.
final class ImportanceFileLegacy {
  private static final int LEAST_ENTRY_BYTES = 12;

  private final String file;
  private final ByteBuffer in;

  private ImportanceFileLegacy(String file, byte[] bytes) {
    this.file = file;
    this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static ImportanceMatrix read(Path path, int chunkSize) throws IOException {
    return parse(path.toString(), Files.readAllBytes(path), chunkSize);
  }

  static ImportanceMatrix parse(String file, byte[] bytes, int chunkSize) {
    return new ImportanceFileLegacy(file, bytes).read(chunkSize);
  }

  private ImportanceMatrix read(int chunkSize) {
    int count = count("entry count", LEAST_ENTRY_BYTES);
    if (count == 0) {
      throw malformed("entry count", "0", "this is no importance matrix");
    }
    SequencedMap<String, ImportanceMatrix.Entry> entries = new LinkedHashMap<>();
    int mostCalls = 0;
    for (int i = 0; i < count; i++) {
      String weight = text("name of entry " + i);
      int calls = positive(weight + " calls");
      mostCalls = Math.max(mostCalls, calls);
      if (entries.put(weight, entry(weight, calls, chunkSize)) != null) {
        throw malformed(weight, "the entry a second time", "measure it again");
      }
    }
    if (!in.hasRemaining()) {
      return new ImportanceMatrix(entries, List.of(), mostCalls, chunkSize);
    }
    int chunks = positive("chunk count");
    List<String> datasets = List.of(text("dataset"));
    requireEnd();
    return new ImportanceMatrix(entries, datasets, chunks, chunkSize);
  }

  private ImportanceMatrix.Entry entry(String weight, int calls, int chunkSize) {
    float[] sums = new float[count(weight, Float.BYTES)];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = in.getFloat() * chunkSize;
    }
    try {
      return new ImportanceMatrix.Entry(sums, new float[] {(float) calls * chunkSize});
    } catch (IllegalArgumentException wrong) {
      throw malformed(weight, String.valueOf(wrong.getMessage()), "measure it again");
    }
  }

  private String text(String field) {
    byte[] text = new byte[count(field, 1)];
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private int count(String field, int leastBytes) {
    int count = number(field);
    if (count < 0 || count > in.remaining() / leastBytes) {
      String found = "a count of %d with %d bytes left".formatted(count, in.remaining());
      throw malformed(field, found, "the file is damaged or no importance matrix");
    }
    return count;
  }

  private int positive(String field) {
    int value = number(field);
    if (value < 1) {
      throw malformed(field, String.valueOf(value), "it must be positive");
    }
    return value;
  }

  private int number(String field) {
    if (in.remaining() < Integer.BYTES) {
      throw malformed(field, "the end of the file", "the file is truncated; fetch it again");
    }
    return in.getInt();
  }

  private void requireEnd() {
    if (in.hasRemaining()) {
      throw malformed("end", in.remaining() + " more bytes", "the file is damaged");
    }
  }

  private MalformedFileException malformed(String field, String found, String remedy) {
    return new MalformedFileException(file, field, found, remedy);
  }

  static void write(Path target, ImportanceMatrix matrix) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, matrix.entries().size());
    matrix.entries().forEach((weight, entry) -> entry(out, weight, entry, matrix.chunkSize()));
    number(out, matrix.chunks());
    text(out, matrix.datasets().isEmpty() ? "" : matrix.datasets().getLast());
    try (PartFile file = PartFile.create(target, List.of())) {
      file.append(ByteBuffer.wrap(out.toByteArray()));
      file.commit();
    }
  }

  private static void entry(
      ByteArrayOutputStream out, String weight, ImportanceMatrix.Entry entry, int chunkSize) {
    text(out, weight);
    int calls = calls(entry, chunkSize);
    number(out, calls);
    float[] importance = entry.importance();
    number(out, importance.length);
    for (float mean : importance) {
      number(out, Float.floatToRawIntBits(mean * calls));
    }
  }

  /// Chunks the busiest matrix saw, rounded up so that it is never 0 for a weight that saw any.
  private static int calls(ImportanceMatrix.Entry entry, int chunkSize) {
    double most = 0;
    for (float count : entry.counts()) {
      most = Math.max(most, count);
    }
    return (int) Math.ceil(Math.max(most, 1) / chunkSize);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void number(ByteArrayOutputStream out, int value) {
    out.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }
}
