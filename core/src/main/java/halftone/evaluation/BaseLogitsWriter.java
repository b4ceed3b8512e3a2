package halftone.evaluation;

import halftone.kernel.SoftmaxKernel;
import halftone.model.PartFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collection;

/// Writes a file that [BaseLogits] and llama.cpp's `--kl-divergence` read, row by row.
public final class BaseLogitsWriter implements AutoCloseable {
  /// Log-probabilities further below the highest are stored as this.
  private static final float RANGE = 16f;

  private static final float CODES = 65535f;

  private final PartFile file;
  private final ByteBuffer row;
  private final int vocabulary;
  private final SoftmaxKernel kernel = SoftmaxKernel.fastest();

  /// Writes everything before the rows.
  ///
  /// @param target appears by [#commit]
  /// @param inputs files being read, which the target may not replace
  /// @param tokens the text's tokens, whole chunks of `length`, before any beginning-of-text token
  ///   is put in
  public BaseLogitsWriter(
      Path target, Collection<Path> inputs, int[] tokens, int length, int vocabulary)
      throws IOException {
    if (tokens.length == 0 || tokens.length % length != 0) {
      throw new IllegalArgumentException(tokens.length + " tokens are no chunks of " + length);
    }
    this.vocabulary = vocabulary;
    row = buffer(BaseLogits.rowBytes(vocabulary));
    file = PartFile.create(target, inputs);
    ByteBuffer header = buffer(BaseLogits.HEADER_BYTES + 4L * tokens.length);
    header.put(BaseLogits.MAGIC).putInt(length).putInt(vocabulary).putInt(tokens.length / length);
    for (int token : tokens) {
      header.putInt(token);
    }
    write(header);
  }

  /// Appends the next scored position's logits, `logits[at … at + vocabulary − 1]`.
  ///
  /// @throws ArithmeticException when a logit is NaN or infinite
  public void row(float[] logits, int at) throws IOException {
    float max = kernel.max(logits, at, vocabulary);
    float min = max;
    for (int i = 0; i < vocabulary; i++) {
      min = Math.min(min, logits[at + i]);
    }
    if (!Float.isFinite(max) || Float.isNaN(min)) {
      throw new ArithmeticException("a logit is " + max + ": the network's weights are damaged");
    }
    float lowest = Math.max(min, max - RANGE);
    float scale = (max - lowest) / CODES;
    double logSum = Math.log(kernel.sumExp(logits, at, vocabulary, max));
    row.clear();
    row.putFloat(scale).putFloat((float) (lowest - max - logSum));
    for (int i = 0; i < vocabulary; i++) {
      row.putShort(code(logits[at + i], lowest, scale));
    }
    row.limit(row.capacity());
    write(row);
  }

  private static short code(float logit, float lowest, float scale) {
    return logit > lowest ? (short) Math.rint((logit - lowest) / scale) : 0;
  }

  private void write(ByteBuffer bytes) throws IOException {
    file.append(bytes.rewind());
  }

  private static ByteBuffer buffer(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Gives the file its name, replacing what stood there.
  public void commit() throws IOException {
    file.commit();
  }

  /// Deletes what was written, unless it was committed.
  @Override
  public void close() throws IOException {
    file.close();
  }
}
