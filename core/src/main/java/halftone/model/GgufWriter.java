package halftone.model;

import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SequencedMap;

/// Writes a GGUF file tensor by tensor, so that a model never needs to lie in memory whole.
///
/// The file appears under its name only by [#commit]: until then it grows beside it under a
/// temporary name, and is deleted by [#close] when something failed. A process killed in between
/// leaves `NAME.….part` and no output; the next writer of the same name removes it.
///
/// ```java
/// try (GgufWriter writer = GgufWriter.create(target, metadata, tensors, List.of(input))) {
///   for (TensorInfo tensor : tensors) writer.write(tensor.name(), bytesOf(tensor));
///   writer.commit();
/// }
/// ```
public final class GgufWriter implements AutoCloseable {
  /// What one call of the system writes.
  private static final int PIECE = 1 << 20;

  private final PartFile file;
  private final List<TensorInfo> tensors;
  private final int alignment;
  private final int headerBytes;
  private int next;

  private GgufWriter(PartFile file, List<TensorInfo> tensors, int alignment, int headerBytes) {
    this.file = file;
    this.tensors = tensors;
    this.alignment = alignment;
    this.headerBytes = headerBytes;
  }

  /// Starts a file: writes its header.
  ///
  /// @param tensors all tensors, in the order their bytes will come
  /// @param inputs files being read, which the target may not replace
  /// @throws IllegalArgumentException when metadata or tensors cannot be written as GGUF, or the
  ///   target is an input
  public static GgufWriter create(
      Path target,
      SequencedMap<String, GgufValue> metadata,
      List<TensorInfo> tensors,
      Collection<Path> inputs)
      throws IOException {
    byte[] header = GgufHeaderWriter.write(metadata, tensors);
    int alignment = GgufHeaderWriter.alignment(metadata);
    PartFile file = PartFile.create(target, inputs);
    GgufWriter writer = new GgufWriter(file, List.copyOf(tensors), alignment, header.length);
    try {
      writer.append(MemorySegment.ofArray(header));
      return writer;
    } catch (IOException failure) {
      file.close();
      throw failure;
    }
  }

  /// The exact size of the file these would make: header, metadata, table, tensors and every
  /// padding. The alignment is the metadata's.
  public static long fileSize(SequencedMap<String, GgufValue> metadata, List<TensorInfo> tensors) {
    int alignment = GgufHeaderWriter.alignment(metadata);
    long size = GgufHeaderWriter.write(metadata, tensors).length;
    for (TensorInfo tensor : tensors) {
      size = Math.addExact(size, GgufHeader.align(tensor.bytes(), alignment));
    }
    return size;
  }

  /// Writes the next tensor and its padding.
  ///
  /// @throws IllegalStateException when another tensor's turn is now
  /// @throws IllegalArgumentException when `bytes` has not the tensor's size
  public void write(String name, MemorySegment bytes) throws IOException {
    requireTurn(name, bytes.byteSize());
    append(bytes);
    pad();
  }

  /// Writes the next tensor and its padding, a piece of its rows after the other: bytes that are
  /// made when asked for are never all in memory.
  ///
  /// @throws IllegalStateException when another tensor's turn is now
  /// @throws IllegalArgumentException when the tensor has not the announced size
  public void write(Tensor tensor) throws IOException {
    requireTurn(tensor.name(), tensor.byteSize());
    long rows = tensor.shape().rows();
    int step = tensor.rowsAPiece();
    for (long row = 0; row < rows; row += step) {
      append(tensor.source().rows(row, (int) Math.min(step, rows - row)));
    }
    pad();
  }

  private void requireTurn(String name, long bytes) {
    if (next == tensors.size() || !tensors.get(next).name().equals(name)) {
      String due = next == tensors.size() ? "none" : tensors.get(next).name();
      throw new IllegalStateException("tensor " + name + " came when due was " + due);
    }
    TensorInfo tensor = tensors.get(next);
    if (bytes != tensor.bytes()) {
      throw new IllegalArgumentException(
          "%s takes %d bytes, not %d".formatted(tensor, tensor.bytes(), bytes));
    }
  }

  private void pad() throws IOException {
    long bytes = tensors.get(next).bytes();
    for (long left = GgufHeader.align(bytes, alignment) - bytes; left > 0; left -= PIECE) {
      append(MemorySegment.ofArray(new byte[(int) Math.min(left, PIECE)]));
    }
    next++;
  }

  /// Replaces the metadata by such that takes as many bytes: for what is known only when the
  /// tensors have been written.
  ///
  /// @throws IllegalArgumentException when it takes more bytes, or fewer
  public void complete(SequencedMap<String, GgufValue> metadata) throws IOException {
    byte[] header = GgufHeaderWriter.write(metadata, tensors);
    if (header.length != headerBytes) {
      throw new IllegalArgumentException(
          "the header has %d bytes, not %d".formatted(headerBytes, header.length));
    }
    file.overwrite(ByteBuffer.wrap(header));
  }

  /// Forces the file to the disk and gives it its name, replacing what stood there.
  ///
  /// @throws IllegalStateException when tensors are missing
  public void commit() throws IOException {
    if (next != tensors.size()) {
      throw new IllegalStateException("tensor " + tensors.get(next).name() + " was never written");
    }
    file.commit();
  }

  /// Deletes the temporary file unless it was committed.
  @Override
  public void close() throws IOException {
    file.close();
  }

  private void append(MemorySegment bytes) throws IOException {
    for (long from = 0; from < bytes.byteSize(); from += PIECE) {
      long length = Math.min(PIECE, bytes.byteSize() - from);
      MemorySegment piece = bytes.asSlice(from, length);
      // Of the heap's arrays only those of bytes can be had as a buffer.
      file.append(
          piece.isNative()
              ? piece.asByteBuffer()
              : ByteBuffer.wrap(piece.toArray(ValueLayout.JAVA_BYTE)));
    }
  }
}
