package halftone.torch.training;

import java.util.Random;

/// The rows of tokens that a network learns from, as a pure function of the step.
///
/// Documents stand one after another, each behind the beginning token. An epoch starts at a random
/// offset, cuts the stream into pieces of `context − 1` tokens and takes them in random order; each
/// piece becomes a row behind a beginning token, as evaluation gives a chunk to the network. Not
/// safe for concurrent use.
final class TrainingRows {
  private final int[] stream;
  private final int bos;
  private final int context;
  private final long seed;
  private final int rowsPerEpoch;
  private int epoch = -1;
  private int offset;
  private final int[] order;

  /// @param stream token ids of all documents
  /// @throws IllegalArgumentException when the text does not fill two rows
  TrainingRows(int[] stream, int bos, int context, long seed) {
    this.stream = stream;
    this.bos = bos;
    this.context = context;
    this.seed = seed;
    rowsPerEpoch = stream.length / (context - 1) - 1;
    if (rowsPerEpoch < 1) {
      throw new IllegalArgumentException(
          "%d tokens of text do not fill two rows of %d; give more text"
              .formatted(stream.length, context));
    }
    order = new int[rowsPerEpoch];
  }

  /// Rows `index … index + count − 1`, counted from the start of the training.
  int[][] rows(long index, int count) {
    int[][] rows = new int[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = row(index + i);
    }
    return rows;
  }

  /// Passes over the text that this many rows make.
  double epochs(long rows) {
    return rows / (double) rowsPerEpoch;
  }

  private int[] row(long index) {
    shuffle(Math.toIntExact(index / rowsPerEpoch));
    int piece = order[(int) (index % rowsPerEpoch)];
    int[] row = new int[context];
    row[0] = bos;
    System.arraycopy(stream, offset + piece * (context - 1), row, 1, context - 1);
    return row;
  }

  private void shuffle(int wanted) {
    if (wanted == epoch) {
      return;
    }
    epoch = wanted;
    Random random = new Random(seed * 0x9E3779B97F4A7C15L + epoch);
    offset = random.nextInt(context - 1);
    for (int i = 0; i < rowsPerEpoch; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
  }
}
