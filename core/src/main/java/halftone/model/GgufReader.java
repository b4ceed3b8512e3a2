package halftone.model;

import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Opens GGUF files: maps them, parses the header, reads no tensor. A model in several files is
/// opened whole by any of them.
///
/// Layout, little-endian: `GGUF`, version, counts, metadata, tensor table, padding, tensors each
/// padded to the alignment, the last one too. A file is exactly as long as its header says.
public final class GgufReader {
  private GgufReader() {}

  /// Opens a file; close the result to unmap it.
  ///
  /// @throws MalformedFileException when the file breaks a rule of the format, or the parts of a
  ///   model do not belong together
  /// @throws IOException when it cannot be read at all, or another part of the model is missing
  public static GgufFile open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      GgufFile file = parse(path, arena, map(path, arena));
      return SplitFile.isPart(file) ? SplitFile.open(file, arena) : file;
    } catch (IOException | RuntimeException failure) {
      arena.close();
      throw failure;
    }
  }

  static MemorySegment map(Path path, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /// Parses the bytes of a file; closing the result closes the arena.
  static GgufFile parse(Path path, Arena arena, MemorySegment bytes) {
    GgufCursor in = new GgufCursor(path.toString(), bytes);
    GgufHeader header = new GgufHeaderReader(in).read();
    requireLength(in, header, bytes.byteSize());
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (GgufHeader.Entry entry : header.entries()) {
      TensorInfo info = entry.info();
      MemorySegment data = bytes.asSlice(header.dataStart() + entry.offset(), entry.bytes());
      tensors.put(info.name(), new Tensor(info.name(), info.shape(), info.format(), data));
    }
    return new GgufFile(path, List.of(path), arena, header, tensors);
  }

  /// Vocabulary files, which have no tensors, may end without padding.
  private static void requireLength(GgufCursor in, GgufHeader header, long actual) {
    if (header.entries().isEmpty() && actual == in.position()) {
      return;
    }
    GgufHeader.Entry longest = null;
    for (GgufHeader.Entry entry : header.entries()) {
      long end = header.dataStart() + entry.offset() + entry.bytes();
      if (end > actual || end < 0) {
        String found = "data up to byte " + end + " in a file of " + actual;
        throw in.malformed(
            "tensor " + entry.info().name(), found, "the file is truncated; fetch it again");
      }
      longest = entry;
    }
    long end = longest == null ? 0 : longest.offset() + longest.bytes();
    long expected = header.dataStart() + GgufHeader.align(end, header.alignment());
    if (actual != expected) {
      throw in.malformed("length", actual + " bytes", "the header promises " + expected);
    }
  }
}
