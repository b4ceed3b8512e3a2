package halftone.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.*;
import java.util.Optional;

/// Large results, a file each.
public final class BlobFolder {
  private final Path folder;

  public BlobFolder(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  public Optional<MemorySegment> find(Key key) {
    Path file = folder.resolve(key.hash());
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file)) {
      return Optional.of(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void put(Key key, MemorySegment bytes) {
    Path file = folder.resolve(key.hash());
    try {
      Path temporary = Files.createTempFile(folder, "x", ".part");
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.write(bytes.asByteBuffer());
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
