package halftone.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;

/// Large results as files named by the hash of their bytes, two digits of it as a folder:
/// `ab/abcdef…`. A file appears by rename only, after its bytes are on the disk; what a killed
/// process leaves behind are `.part` files.
public final class BlobFolder {
  private static final long SLICE = 1 << 24;

  private final Path folder;
  private final Consumer<String> report;

  /// @param report told about each file that is not what its name says
  public BlobFolder(Path folder, Consumer<String> report) {
    this.folder = folder;
    this.report = report;
  }

  /// Keeps the bytes; nothing is written when they are there already.
  public ContentHash put(MemorySegment bytes) {
    ContentHash hash = ContentHash.of(bytes);
    Path file = file(hash);
    try {
      if (!Files.exists(file) || !intact(file, hash)) {
        Files.createDirectories(file.getParent());
        write(file, bytes);
      }
      return hash;
    } catch (IOException e) {
      throw new StoreException(
          "cannot write %s: %s; free space or make the folder writable".formatted(file, e), e);
    }
  }

  private boolean intact(Path file, ContentHash hash) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return ContentHash.of(map(file, arena)).equals(hash);
    }
  }

  private static void write(Path file, MemorySegment bytes) throws IOException {
    Path part = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
    try {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        for (long at = 0; at < bytes.byteSize(); at += SLICE) {
          ByteBuffer slice =
              bytes.asSlice(at, Math.min(SLICE, bytes.byteSize() - at)).asByteBuffer();
          while (slice.hasRemaining()) {
            channel.write(slice);
          }
        }
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /// The bytes, mapped and verified; absent (and reported) when the file is missing or damaged, so
  /// that the caller measures again and [#put]s a good one.
  public Optional<MemorySegment> find(ContentHash hash) {
    Path file = file(hash);
    if (!Files.isRegularFile(file)) {
      report.accept(file + " is missing; what it held is measured again");
      return Optional.empty();
    }
    try {
      MemorySegment bytes = map(file, Arena.ofAuto());
      if (ContentHash.of(bytes).equals(hash)) {
        return Optional.of(bytes);
      }
      report.accept(file + " is damaged; what it held is measured again");
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreException("cannot read %s: %s; make it readable".formatted(file, e), e);
    }
  }

  private static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  private Path file(ContentHash hash) {
    return folder.resolve(hash.hex().substring(0, 2)).resolve(hash.hex());
  }
}
