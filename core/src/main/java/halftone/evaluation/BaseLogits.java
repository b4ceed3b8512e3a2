package halftone.evaluation;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/// A file of a reference's log-probabilities, 16 bits each, as llama.cpp's `--kl-divergence-base`
/// writes it: tokens, and a row for each scored position. Mapped; rows are decoded on demand.
public final class BaseLogits implements AutoCloseable {
  static final byte[] MAGIC = {'_', 'l', 'o', 'g', 'i', 't', 's', '_'};
  static final int HEADER_BYTES = 20;

  /// Bytes before a row's codes: scale and lowest log-probability.
  static final int ROW_HEADER_BYTES = 8;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena;
  private final MemorySegment bytes;
  private final int length;
  private final int vocabulary;
  private final int chunks;

  private BaseLogits(Path file, Arena arena, MemorySegment bytes) throws IOException {
    this.arena = arena;
    this.bytes = bytes;
    if (bytes.byteSize() < HEADER_BYTES
        || !Arrays.equals(bytes.asSlice(0, MAGIC.length).toArray(ValueLayout.JAVA_BYTE), MAGIC)) {
      throw new IOException(file + " is no base-logit file: it does not start with _logits_");
    }
    length = bytes.get(INT, 8);
    vocabulary = bytes.get(INT, 12);
    chunks = bytes.get(INT, 16);
    if (length < 4 || vocabulary < 1 || chunks < 1 || bytes.byteSize() != size()) {
      throw new IOException(
          "%s: %d chunks of %d tokens over a vocabulary of %d do not fill its %d bytes; it is truncated or damaged"
              .formatted(file, chunks, length, vocabulary, bytes.byteSize()));
    }
    for (int i = 0; i < chunks * length; i++) {
      int token = token(i);
      if (token < 0 || token >= vocabulary) {
        throw new IOException(file + ": token " + i + " is " + token + ", beyond its vocabulary");
      }
    }
  }

  /// Maps a file until it is closed.
  ///
  /// @throws IOException when it cannot be read, is no such file, or its size does not fit its
  ///   header
  public static BaseLogits open(Path file) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file)) {
      return new BaseLogits(
          file, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  public int length() {
    return length;
  }

  public int vocabulary() {
    return vocabulary;
  }

  public int chunks() {
    return chunks;
  }

  /// The tokens as they stand in the file, before any beginning-of-text token is put in.
  public int[] tokens() {
    return bytes.asSlice(HEADER_BYTES, 4L * chunks * length).toArray(INT);
  }

  /// Decodes the log-probabilities of scored token `token`, counted through the whole file, into
  /// `out`.
  public void row(int token, float[] out) {
    if (out.length != vocabulary) {
      throw new IllegalArgumentException(
          "a row holds %d values, not %d".formatted(vocabulary, out.length));
    }
    long at = rowsAt() + token * rowBytes(vocabulary);
    float scale = bytes.get(FLOAT, at);
    float lowest = bytes.get(FLOAT, at + 4);
    for (int i = 0; i < vocabulary; i++) {
      int code = bytes.get(SHORT, at + ROW_HEADER_BYTES + 2L * i) & 0xFFFF;
      out[i] = scale * code + lowest;
    }
  }

  private int token(int i) {
    return bytes.get(INT, HEADER_BYTES + 4L * i);
  }

  private long rowsAt() {
    return HEADER_BYTES + 4L * chunks * length;
  }

  private long size() {
    long rows = (long) chunks * (length - 1 - length / 2);
    return rowsAt() + rows * rowBytes(vocabulary);
  }

  /// An odd vocabulary is padded by one code.
  static long rowBytes(int vocabulary) {
    return 2L * (2 * ((vocabulary + 1L) / 2) + 4);
  }

  @Override
  public void close() {
    arena.close();
  }
}
