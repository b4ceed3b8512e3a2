package halftone.model;

import halftone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// An open GGUF file, or a model in several seen as one: its metadata and tensors in file order.
/// Tensors are mapped, not read, and die with [#close]; metadata lives on.
public final class GgufFile implements ModelSource {
  /// Metadata key of the alignment of tensors, a power of two.
  public static final String ALIGNMENT = "general.alignment";

  /// The alignment of files without the key.
  public static final int DEFAULT_ALIGNMENT = 32;

  private final Path path;
  private final List<Path> files;
  private final Arena arena;
  private final GgufHeader header;
  private final SequencedMap<String, Tensor> tensors;

  GgufFile(
      Path path,
      List<Path> files,
      Arena arena,
      GgufHeader header,
      SequencedMap<String, Tensor> tensors) {
    this.path = path;
    this.files = List.copyOf(files);
    this.arena = arena;
    this.header = header;
    this.tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public List<Path> files() {
    return files;
  }

  /// 2 or 3; both have the same layout, and [GgufWriter] writes 3.
  public int version() {
    return header.version();
  }

  @Override
  public SequencedMap<String, GgufValue> metadata() {
    return header.metadata();
  }

  @Override
  public SequencedMap<String, Tensor> tensors() {
    return tensors;
  }

  @Override
  public int alignment() {
    return header.alignment();
  }

  /// Bytes before the first tensor, padding included; of all files where there are several.
  public long headerBytes() {
    return header.dataStart();
  }

  @Override
  public void close() {
    arena.close();
  }
}
