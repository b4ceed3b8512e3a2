package halftone.model;

import halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Writes a model as several GGUF files of at most a size, as llama-gguf-split does: all metadata
/// in the first, tensors in order. A model that fits stays one file with the plain name. A tensor
/// larger than the size gets a file of its own.
///
/// No file appears before all are whole; the first one, which names their number, comes last.
public final class SplitWriter implements AutoCloseable {
  private static final int LARGEST_COUNT = 65_535;

  /// Bytes of a tensor's line in the table: lengths, a name of 63 bytes, four extents, type,
  /// offset.
  private static final int LONGEST_LINE = 8 + 63 + 4 + 4 * 8 + 4 + 8;

  private final List<GgufWriter> writers = new ArrayList<>();
  private final List<Path> paths;
  private final List<List<TensorInfo>> shares;
  private int part;
  private int written;

  private SplitWriter(List<Path> paths, List<List<TensorInfo>> shares) {
    this.paths = paths;
    this.shares = shares;
  }

  /// Starts all files: writes their headers.
  ///
  /// @param target `model.gguf` makes `model-00001-of-00003.gguf` and so on
  /// @param tensors all tensors, in the order their bytes will come
  /// @param most bytes of the largest file
  /// @param inputs files being read, which no file may replace
  /// @throws IllegalArgumentException when metadata or tensors cannot be written as GGUF, a target
  ///   is an input, or the size makes too many parts
  public static SplitWriter create(
      Path target,
      SequencedMap<String, GgufValue> metadata,
      List<TensorInfo> tensors,
      long most,
      Collection<Path> inputs)
      throws IOException {
    List<List<TensorInfo>> shares = shares(metadata, tensors, most);
    int count = shares.size();
    SplitWriter writer = new SplitWriter(paths(target, count), shares);
    try {
      for (int i = 0; i < count; i++) {
        SequencedMap<String, GgufValue> own =
            i == 0
                ? first(metadata, shares)
                : SplitKeys.with(alignment(metadata), i + 1, count, tensors.size());
        writer.writers.add(GgufWriter.create(writer.paths.get(i), own, shares.get(i), inputs));
      }
      return writer;
    } catch (IOException | RuntimeException failure) {
      writer.close();
      throw failure;
    }
  }

  private static List<Path> paths(Path target, int count) {
    String prefix = String.valueOf(target.getFileName()).replaceFirst("\\.gguf$", "");
    SplitName name = new SplitName(target.resolveSibling(prefix), 1, count);
    List<Path> paths = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      paths.add(count == 1 ? target : name.path(i));
    }
    return List.copyOf(paths);
  }

  /// The parts after the first keep of the metadata what their own layout needs.
  private static SequencedMap<String, GgufValue> alignment(
      SequencedMap<String, GgufValue> metadata) {
    SequencedMap<String, GgufValue> own = new LinkedHashMap<>(metadata);
    own.keySet().removeIf(key -> !key.equals(GgufFile.ALIGNMENT));
    return own;
  }

  /// Fills one file after the other.
  private static List<List<TensorInfo>> shares(
      SequencedMap<String, GgufValue> metadata, List<TensorInfo> tensors, long most) {
    if (GgufWriter.fileSize(metadata, tensors) <= most) {
      return List.of(List.copyOf(tensors));
    }
    List<List<TensorInfo>> shares = new ArrayList<>(List.of(new ArrayList<>()));
    long size = emptySize(SplitKeys.with(metadata, 1, LARGEST_COUNT, tensors.size()));
    long next = emptySize(SplitKeys.with(alignment(metadata), 1, LARGEST_COUNT, tensors.size()));
    int alignment = GgufHeaderWriter.alignment(metadata);
    for (TensorInfo tensor : tensors) {
      long bytes = LONGEST_LINE + GgufHeader.align(tensor.bytes(), alignment);
      if (size + bytes > most && !shares.getLast().isEmpty()) {
        shares.add(new ArrayList<>());
        size = next;
      }
      shares.getLast().add(tensor);
      size += bytes;
    }
    if (shares.size() > LARGEST_COUNT) {
      throw new IllegalArgumentException(
          "%d parts are too many; %d are allowed: let them be larger"
              .formatted(shares.size(), LARGEST_COUNT));
    }
    return shares;
  }

  /// With the padding that may follow the tensor table.
  private static long emptySize(SequencedMap<String, GgufValue> metadata) {
    return GgufWriter.fileSize(metadata, List.of()) + GgufHeaderWriter.alignment(metadata);
  }

  /// The files, in order.
  public List<Path> paths() {
    return paths;
  }

  /// Writes the next tensor.
  ///
  /// @throws IllegalStateException when another tensor's turn is now
  public void write(Tensor tensor) throws IOException {
    if (written == shares.get(part).size() && part + 1 < shares.size()) {
      part++;
      written = 0;
    }
    writers.get(part).write(tensor);
    written++;
  }

  /// Replaces the metadata by such that takes as many bytes, as [GgufWriter#complete] does.
  public void complete(SequencedMap<String, GgufValue> metadata) throws IOException {
    writers.getFirst().complete(first(metadata, shares));
  }

  /// The metadata of the first file.
  private static SequencedMap<String, GgufValue> first(
      SequencedMap<String, GgufValue> metadata, List<List<TensorInfo>> shares) {
    int tensors = shares.stream().mapToInt(List::size).sum();
    return shares.size() == 1 ? metadata : SplitKeys.with(metadata, 1, shares.size(), tensors);
  }

  /// Forces all files to the disk and gives them their names.
  public void commit() throws IOException {
    for (GgufWriter writer : writers.reversed()) {
      writer.commit();
    }
  }

  /// Deletes the temporary files unless they were committed.
  @Override
  public void close() throws IOException {
    for (GgufWriter writer : writers) {
      writer.close();
    }
  }
}
