package halftone.huggingface;

import halftone.model.MalformedFileException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// Maps safetensors files: eight bytes with the length of the header, the header, the data. Reads
/// no weight.
final class SafetensorsReader {
  /// The limit of the format's own reader.
  private static final long LONGEST_HEADER = 100_000_000;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private SafetensorsReader() {}

  /// The tensors of a file, in the order of their data; they live as long as the arena.
  ///
  /// @throws MalformedFileException when the file breaks a rule of the format
  static SequencedMap<String, StoredTensor> map(Path path, Arena arena) throws IOException {
    return mapWithText(path, arena).tensors();
  }

  /// A file's tensors, and the texts in its header.
  record Mapped(SequencedMap<String, StoredTensor> tensors, JsonObject header) {
    Optional<String> text(String key) {
      return header.object("__metadata__").flatMap(texts -> texts.text(key));
    }
  }

  /// The same with the texts of the header.
  static Mapped mapWithText(Path path, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return parse(path.toString(), bytes);
    }
  }

  static Mapped parse(String file, MemorySegment bytes) {
    long left = bytes.byteSize() - LENGTH.byteSize();
    long length = left < 0 ? -1 : bytes.get(LENGTH, 0);
    if (length < 2 || length > Math.min(left, LONGEST_HEADER)) {
      String found = length + " in a file of " + bytes.byteSize() + " bytes";
      throw new MalformedFileException(
          file, "length of the header", found, "this is no safetensors file, or it is truncated");
    }
    MemorySegment header = bytes.asSlice(LENGTH.byteSize(), length);
    MemorySegment data = bytes.asSlice(LENGTH.byteSize() + length);
    String text = JsonText.decode(file, header.toArray(ValueLayout.JAVA_BYTE));
    if (!text.startsWith("{")) {
      throw new MalformedFileException(
          file, "header", "no object at its start", "this is no safetensors file");
    }
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    JsonObject object = JsonObject.parse(file, text);
    for (SafetensorsHeader.Entry entry : SafetensorsHeader.parse(object, data.byteSize())) {
      MemorySegment slice = data.asSlice(entry.from(), entry.to() - entry.from());
      tensors.put(
          entry.name(), new StoredTensor(file, entry.name(), entry.type(), entry.extents(), slice));
    }
    return new Mapped(tensors, object);
  }
}
