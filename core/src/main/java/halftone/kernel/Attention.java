package halftone.kernel;

import static halftone.kernel.MicroKernel.PANEL;
import static halftone.kernel.MicroKernel.STRIP;

import halftone.machine.InstructionSet;
import halftone.workers.Workers;
import java.util.Arrays;

/// Causal softmax attention of some sequences, all positions at once (Vaswani et al. 2017), with
/// grouped key-value heads.
///
/// Strips of neighbouring queries go through the keys and values of their head, see [KeyValueHead];
/// a lane is a query position, so neither the maximum nor the sum of a softmax crosses lanes.
///
/// @param heads query heads; head a reads key-value head a / (heads / keyValueHeads)
/// @param scale factor of the scores before softmax
/// @param window how many positions a query sees, its own included; 0 for all
/// @param softCap scaled scores z become softCap · tanh(z / softCap); 0 for no cap
/// @param queryRounding done to each head's query before the scores
/// @param keyValueRounding done to each head's key and value, as a cache would store them
public record Attention(
    int heads,
    int keyValueHeads,
    int headSize,
    float scale,
    int window,
    float softCap,
    RowRounding queryRounding,
    RowRounding keyValueRounding) {
  private static final ThreadLocal<QueryStrip> QUERIES = ThreadLocal.withInitial(QueryStrip::new);

  public Attention {
    if (keyValueHeads < 1 || heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "%d heads cannot share %d key-value heads".formatted(heads, keyValueHeads));
    }
  }

  /// Bytes that each thread takes while it attends to so many positions.
  public static long scratchBytes(int headSize, int positions) {
    long padded = Math.ceilDiv(positions, PANEL) * (long) PANEL;
    long scoresAndPowers = (padded + positions) * STRIP;
    long queriesAndMixed = 2L * STRIP * headSize;
    return (scoresAndPowers + queriesAndMixed + STRIP + MicroKernel.SUMS) * Float.BYTES;
  }

  /// Bytes of the packed keys and values of one sequence.
  public static long packedBytes(int keyValueHeads, int headSize, int positions) {
    long padded = Math.ceilDiv(positions, PANEL) * (long) PANEL;
    long paddedSize = Math.ceilDiv(headSize, PANEL) * (long) PANEL;
    return keyValueHeads * (padded * headSize + positions * paddedSize) * Float.BYTES;
  }

  /// Keys and values of one sequence.
  public interface KeyValues {
    /// The key of a key-value head at a position, to `out[at …]`.
    void key(int head, int position, float[] out, int at);

    /// The value of a key-value head at a position, to `out[at …]`.
    void value(int head, int position, float[] out, int at);
  }

  /// Attention of whole sequences, each from its first position.
  ///
  /// @param queries rows of heads × headSize, token t of sequence s in row s · length + t
  /// @param keys rows of keyValueHeads × headSize
  /// @param values rows of keyValueHeads × headSize
  /// @param out rows of heads × headSize, overwritten
  public void run(
      float[] queries,
      float[] keys,
      float[] values,
      int sequences,
      int length,
      float[] out,
      Workers workers) {
    run(queries, keys, values, sequences, length, out, InstructionSet.chosen(), workers);
  }

  void run(
      float[] queries,
      float[] keys,
      float[] values,
      int sequences,
      int length,
      float[] out,
      InstructionSet set,
      Workers workers) {
    KeyValueHead[] laidOut = new KeyValueHead[sequences * keyValueHeads];
    workers.forEach(
        laidOut.length,
        piece -> {
          Rows rows = new Rows(keys, values, piece / keyValueHeads * length);
          laidOut[piece] = KeyValueHead.of(set, headSize, piece % keyValueHeads, length, rows);
        });
    attend(laidOut, queries, 0, length, 0, out, workers);
  }

  /// Attention of the last `length` positions of one sequence, whose keys and values begin at
  /// position `origin`: those before it are out of every query's window. The same bits as when the
  /// whole sequence runs at once.
  ///
  /// @param firstRow row of the first of those positions in `queries` and `out`
  /// @param origin a multiple of [CachePage#POSITIONS]
  /// @param past positions before the first query
  public void run(
      float[] queries,
      int firstRow,
      int length,
      KeyValues sequence,
      int origin,
      int past,
      float[] out,
      Workers workers) {
    KeyValueHead[] laidOut = new KeyValueHead[keyValueHeads];
    From source = new From(sequence, origin);
    int all = past - origin + length;
    workers.forEach(
        keyValueHeads,
        head ->
            laidOut[head] = KeyValueHead.of(InstructionSet.chosen(), headSize, head, all, source));
    attend(laidOut, queries, firstRow, length, past - origin, out, workers);
  }

  /// A piece of work is a strip of one head.
  ///
  /// @param laidOut heads of one sequence behind those of the other
  /// @param length of each sequence's queries
  /// @param past positions before the first of them
  private void attend(
      KeyValueHead[] laidOut,
      float[] queries,
      int firstRow,
      int length,
      int past,
      float[] out,
      Workers workers) {
    int width = laidOut[0].width();
    int strips = Math.ceilDiv(length, width);
    workers.forEach(
        laidOut.length / keyValueHeads * heads * strips,
        piece -> {
          int head = piece / strips % heads;
          int sequence = piece / strips / heads;
          KeyValueHead own = laidOut[sequence * keyValueHeads + head / (heads / keyValueHeads)];
          int first = piece % strips * width;
          int present = Math.min(width, length - first);
          int at = ((firstRow + sequence * length + first) * heads + head) * headSize;
          attend(own, queries, out, at, past + first, present);
        });
  }

  /// Positions counted from `origin`.
  private record From(KeyValues sequence, int origin) implements KeyValues {
    @Override
    public void key(int head, int position, float[] out, int at) {
      sequence.key(head, origin + position, out, at);
    }

    @Override
    public void value(int head, int position, float[] out, int at) {
      sequence.value(head, origin + position, out, at);
    }
  }

  /// Rows of all key-value heads, one a position, rounded as they are read.
  private final class Rows implements KeyValues {
    private final float[] keys;
    private final float[] values;
    private final int firstRow;

    Rows(float[] keys, float[] values, int firstRow) {
      this.keys = keys;
      this.values = values;
      this.firstRow = firstRow;
    }

    @Override
    public void key(int head, int position, float[] out, int at) {
      copy(keys, head, position, out, at);
    }

    @Override
    public void value(int head, int position, float[] out, int at) {
      copy(values, head, position, out, at);
    }

    private void copy(float[] rows, int head, int position, float[] out, int at) {
      int from = ((firstRow + position) * keyValueHeads + head) * headSize;
      System.arraycopy(rows, from, out, at, headSize);
      keyValueRounding.round(out, at, headSize);
    }
  }

  /// A strip of one head's queries. Positions count from the first key.
  ///
  /// @param at where the first query begins in its array, and its result in `out`
  /// @param first position of that query
  /// @param present queries of the strip
  private void attend(
      KeyValueHead own, float[] queries, float[] out, int at, int first, int present) {
    QueryStrip strip = QUERIES.get();
    strip.shape(own.width(), headSize, own.paddedLength());
    int seen = first + present;
    int from = firstSeen(first);
    take(strip, queries, at, present);
    own.scores(strip, from, seen);
    float factor = cap(strip, from, seen);
    hideFuture(strip, first, seen);
    hidePast(strip, first, from, seen);
    own.powers(strip, from, seen, factor);
    own.mix(strip, from, seen);
    for (int t = 0; t < present; t++) {
      int to = at + t * heads * headSize;
      divide(strip.mixed().array(), t * headSize, strip.sums().array()[t], out, to);
    }
  }

  private void divide(float[] mixed, int from, float sum, float[] out, int to) {
    for (int d = 0; d < headSize; d++) {
      out[to + d] = mixed[from + d] / sum;
    }
  }

  /// Takes the queries in, and zeros where there are none.
  private void take(QueryStrip strip, float[] queries, int at, int present) {
    float[] query = new float[headSize];
    for (int t = 0; t < strip.width(); t++) {
      if (t < present) {
        System.arraycopy(queries, at + t * heads * headSize, query, 0, headSize);
        queryRounding.round(query, 0, headSize);
      } else if (t == present) {
        Arrays.fill(query, 0);
      }
      strip.put(t, query);
    }
  }

  /// The first key of the chunk in which the window of position `first` begins: the chunks of a mix
  /// begin at the same keys for every query, however many run together.
  private int firstSeen(int first) {
    int seen = window == 0 ? 0 : Math.max(0, first - window + 1);
    return seen / ScalarKernels.CHUNK * ScalarKernels.CHUNK;
  }

  /// Caps the scores where the network does, and gives the factor they still lack.
  private float cap(QueryStrip strip, int from, int seen) {
    if (softCap == 0) {
      return scale;
    }
    int at = from * strip.width();
    int count = (seen - from) * strip.width();
    RowKernels.scale(strip.scores().array(), at, count, scale, strip.scores().array());
    RowKernels.softCap(strip.scores().array(), at, count, softCap, strip.scores().array());
    return 1;
  }

  private static void hideFuture(QueryStrip strip, int first, int seen) {
    for (int key = first + 1; key < seen; key++) {
      int at = key * strip.width();
      Arrays.fill(strip.scores().array(), at, at + key - first, Float.NEGATIVE_INFINITY);
    }
  }

  private void hidePast(QueryStrip strip, int first, int from, int seen) {
    if (window > 0) {
      int width = strip.width();
      for (int key = from; key <= seen - 1 - window; key++) {
        int firstBlind = Math.clamp(key + window - first, 0, width);
        Arrays.fill(
            strip.scores().array(),
            key * width + firstBlind,
            (key + 1) * width,
            Float.NEGATIVE_INFINITY);
      }
    }
  }
}
