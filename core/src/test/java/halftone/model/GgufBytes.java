package halftone.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// GGUF files in memory, for tests that read many.
public final class GgufBytes {
  private GgufBytes() {}

  /// Opens the bytes of a file under a name.
  public static GgufFile open(String name, byte[] bytes) {
    return GgufReader.parse(Path.of(name), Arena.ofConfined(), MemorySegment.ofArray(bytes));
  }
}
