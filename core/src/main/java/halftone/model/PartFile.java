package halftone.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;

/// A file that appears whole or not at all: it grows beside its target as `TARGET.PID-STAMP.part`
/// and is renamed at the end. Any error of the disk, such as no space left, surfaces as an
/// [IOException] from [#append] or [#commit]; the JVM ignores SIGXFSZ, so `ulimit -f` gives "File
/// too large" there too.
public final class PartFile implements AutoCloseable {
  private static final String SUFFIX = ".part";

  private final Path target;
  private final Path part;
  private final FileChannel channel;

  private PartFile(Path target, Path part, FileChannel channel) {
    this.target = target;
    this.part = part;
    this.channel = channel;
  }

  /// Starts a file, and removes what dead processes left of earlier ones.
  ///
  /// @param inputs files being read; the target may be none of them
  public static PartFile create(Path target, Collection<Path> inputs) throws IOException {
    Path folder = requireWritable(target, inputs);
    removeAbandoned(folder, target.getFileName() + ".");
    long process = ProcessHandle.current().pid();
    String name = "%s.%d-%x%s".formatted(target.getFileName(), process, System.nanoTime(), SUFFIX);
    Path part = folder.resolve(name);
    FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    part.toFile().deleteOnExit(); // by Ctrl-C too
    return new PartFile(target, part, channel);
  }

  /// The folder of a target, in which files can be made: to be asked before long work.
  ///
  /// @param inputs files being read; the target may be none of them
  /// @throws IOException naming the folder, when there is none, or it cannot be written
  /// @throws IllegalArgumentException when the target is a folder or an input
  public static Path requireWritable(Path target, Collection<Path> inputs) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new NoSuchFileException(
          target.toString(), null, "its folder does not exist; create it");
    }
    if (Files.isDirectory(target)) {
      throw new IllegalArgumentException(target + " is a folder; name a file to write");
    }
    for (Path input : inputs) {
      if (Files.exists(target) && Files.isSameFile(target, input)) {
        throw new IllegalArgumentException(target + " is being read; write to another name");
      }
    }
    if (!Files.isWritable(folder)) {
      throw new AccessDeniedException(folder.toString());
    }
    return folder;
  }

  private static void removeAbandoned(Path folder, String prefix) throws IOException {
    try (DirectoryStream<Path> parts =
        Files.newDirectoryStream(
            folder, path -> isAbandoned(path.getFileName().toString(), prefix))) {
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    }
  }

  private static boolean isAbandoned(String name, String prefix) {
    if (!name.startsWith(prefix) || !name.endsWith(SUFFIX)) {
      return false;
    }
    String middle = name.substring(prefix.length(), name.length() - SUFFIX.length());
    return middle.matches("[0-9]{1,18}-[0-9a-f]+")
        && ProcessHandle.of(Long.parseLong(middle.substring(0, middle.indexOf('-')))).isEmpty();
  }

  /// Writes all remaining bytes of the buffer.
  ///
  /// @throws IOException naming the target, when the disk is full or a limit is reached
  public void append(ByteBuffer bytes) throws IOException {
    write(bytes, channel.size());
  }

  /// Writes all remaining bytes of the buffer over the first of the file, as [#append] does.
  void overwrite(ByteBuffer bytes) throws IOException {
    write(bytes, 0);
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    try {
      long next = at;
      while (bytes.hasRemaining()) {
        next += channel.write(bytes, next);
      }
    } catch (IOException failure) {
      String message = "%s: %s; free space, raise the file size limit, or write elsewhere";
      throw new IOException(message.formatted(target, failure.getMessage()), failure);
    }
  }

  /// Forces the bytes to the disk, then gives the file its name in one step.
  public void commit() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Deletes what was written, unless it was committed.
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(part);
  }
}
