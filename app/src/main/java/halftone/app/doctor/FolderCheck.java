package halftone.app.doctor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Whether files can be written and mapped where results go: `folder` is the current one, `store`
/// that of finished work.
record FolderCheck(String topic) implements Check {
  private static final long LEAST_FREE = 2_000_000_000L;

  @Override
  public Finding look(Path store) {
    Path folder = existing(topic.equals("store") ? store : Path.of(""));
    List<Fact> facts = new ArrayList<>();
    List<Remark> remarks = new ArrayList<>();
    facts.add(Fact.of("path", folder.toString()));
    try {
      FileStore disk = Files.getFileStore(folder);
      facts.add(Fact.of("file system", disk.type()));
      facts.add(Fact.bytes("free", disk.getUsableSpace()));
      if (disk.getUsableSpace() < LEAST_FREE) {
        remarks.add(
            new Remark(
                Verdict.LIMITED,
                "less than 2 GB are free in " + folder,
                "make room there, or choose another folder"));
      }
      facts.add(Fact.of("files can be mapped", canMap(folder)));
    } catch (IOException | UnsupportedOperationException refused) {
      remarks.add(
          new Remark(
              Verdict.LIMITED,
              "no file can be written and mapped in %s (%s)".formatted(folder, refused),
              topic.equals("store")
                  ? "name another folder with --store"
                  : "work in another folder, or name outputs elsewhere with -o"));
    }
    return new Finding(topic, facts, remarks);
  }

  /// It, or the nearest folder above that exists.
  private static Path existing(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    while (!Files.isDirectory(path)) {
      path = Objects.requireNonNull(path.getParent());
    }
    return path;
  }

  private static boolean canMap(Path folder) throws IOException {
    byte[] written = {'h', 'a', 'l', 'f', 't', 'o', 'n', 'e'};
    Path file = Files.createTempFile(folder, ".halftone-doctor", null);
    try {
      Files.write(file, written);
      try (FileChannel channel = FileChannel.open(file);
          Arena arena = Arena.ofConfined()) {
        MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, written.length, arena);
        return mapped.mismatch(MemorySegment.ofArray(written)) < 0;
      }
    } finally {
      Files.delete(file);
    }
  }
}
