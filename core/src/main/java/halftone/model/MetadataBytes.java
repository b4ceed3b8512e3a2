package halftone.model;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SequencedMap;

/// GGUF metadata outside a GGUF file: the bytes of a file of this metadata and no tensor.
public final class MetadataBytes {
  private MetadataBytes() {}

  public static byte[] write(SequencedMap<String, GgufValue> metadata) {
    return GgufHeaderWriter.write(metadata, List.of());
  }

  /// @param file named in messages
  /// @throws MalformedFileException when the bytes are no such header
  public static SequencedMap<String, GgufValue> read(String file, MemorySegment bytes) {
    GgufCursor in = new GgufCursor(file, bytes);
    GgufHeader header = new GgufHeaderReader(in).read();
    if (!header.entries().isEmpty() || in.left() != 0) {
      throw in.malformed("metadata", "tensors or bytes behind it", "the file is damaged");
    }
    return header.metadata();
  }
}
