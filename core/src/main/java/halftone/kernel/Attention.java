package halftone.kernel;

import static halftone.kernel.MicroKernel.L;
import static halftone.kernel.MicroKernel.LANES;
import static halftone.kernel.MicroKernel.PANEL;
import static halftone.kernel.MicroKernel.STEP;
import static halftone.kernel.MicroKernel.STRIP;
import static java.nio.ByteOrder.nativeOrder;

import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Causal softmax attention of some sequences, all positions at once (Vaswani et al. 2017), with
/// grouped key-value heads.
///
/// A lane is a query position, so neither the maximum nor the sum of a softmax crosses lanes:
/// scores stand as key × query, and the same packed product serves scores = K·qᵀ and outputs =
/// Vᵀ·p.
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
  public Attention {
    if (keyValueHeads < 1 || heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "%d heads cannot share %d key-value heads".formatted(heads, keyValueHeads));
    }
  }

  /// Bytes that each thread takes while it attends to so many positions.
  public static long scratchBytes(int headSize, int positions) {
    long padded = Math.ceilDiv(positions, PANEL) * (long) PANEL;
    long scoresAndProbabilities = (padded + positions) * STRIP;
    long queries = 2L * STRIP * headSize;
    return (scoresAndProbabilities + queries + MicroKernel.SUMS) * Float.BYTES;
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
    Packed[] packed = new Packed[sequences * keyValueHeads];
    workers.forEach(
        packed.length,
        piece -> {
          int row = piece / keyValueHeads * length;
          packed[piece] = new Packed(piece % keyValueHeads, length, new Rows(keys, values, row));
        });
    workers.forEach(
        sequences * heads,
        piece -> {
          int head = piece % heads;
          int sequence = piece / heads;
          Packed own = packed[sequence * keyValueHeads + keyValueHead(head)];
          attend(head, sequence * length, own, 0, queries, out);
        });
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
    Packed[] packed = new Packed[keyValueHeads];
    From source = new From(sequence, origin);
    workers.forEach(
        keyValueHeads, head -> packed[head] = new Packed(head, past - origin + length, source));
    workers.forEach(
        heads,
        head -> attend(head, firstRow, packed[keyValueHead(head)], past - origin, queries, out));
  }

  private int keyValueHead(int head) {
    return head / (heads / keyValueHeads);
  }

  private void attend(
      int head, int firstRow, Packed keysAndValues, int past, float[] queries, float[] out) {
    try (Arena arena = Arena.ofConfined()) {
      new Head(head, firstRow, past, keysAndValues, arena).attend(queries, out);
    }
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

  /// Keys and values of one head of one sequence: keys as panels of eight positions; values as
  /// panels of eight dimensions, a step being a position.
  private final class Packed {
    private final int length;
    private final float[] keyPanels;
    private final float[] valuePanels;

    Packed(int head, int length, KeyValues source) {
      this.length = length;
      this.keyPanels = new float[Math.ceilDiv(length, PANEL) * PANEL * headSize];
      this.valuePanels = new float[length * Math.ceilDiv(headSize, PANEL) * PANEL];
      float[] row = new float[headSize];
      for (int t = 0; t < length; t++) {
        source.key(head, t, row, 0);
        Panels.spread(row, 0, headSize, keyPanels, t / PANEL * PANEL * headSize + t % PANEL);
        source.value(head, t, row, 0);
        for (int d = 0; d < headSize; d += PANEL) {
          int count = Math.min(PANEL, headSize - d);
          System.arraycopy(row, d, valuePanels, d * length + t * PANEL, count);
        }
      }
    }
  }

  /// One query head of one sequence. Positions count from the first key; those from `past` on have
  /// queries.
  private final class Head {
    private final int head;
    private final int firstRow;
    private final int past;
    private final Packed packed;
    private final int length;
    private final float[] scores;
    private final float[] mixed = new float[MicroKernel.SUMS];
    private final Strips query;
    private final MemorySegment probabilities;

    Head(int head, int firstRow, int past, Packed packed, Arena arena) {
      this.head = head;
      this.firstRow = firstRow;
      this.past = past;
      this.packed = packed;
      this.length = packed.length;
      this.scores = new float[Math.ceilDiv(length, PANEL) * PANEL * STRIP];
      this.query = new Strips(arena, STRIP, headSize);
      this.probabilities = MicroKernel.strip(arena, length);
    }

    void attend(float[] queries, float[] out) {
      for (int first = past; first < length; first += STRIP) {
        block(queries, out, head * headSize, first);
      }
    }

    /// `STRIP` query positions of one head.
    private void block(float[] queries, float[] out, int column, int first) {
      int present = Math.min(STRIP, length - first);
      int seen = first + present;
      packQueries(queries, column, first, present);
      int from = firstSeen(first);
      Arrays.fill(scores, from * STRIP, Math.ceilDiv(seen, PANEL) * PANEL * STRIP, 0);
      for (int key = from; key < seen; key += PANEL) {
        MicroKernel.multiply(
            query.memory(), 0, packed.keyPanels, key * headSize, headSize, scores, key * STRIP);
      }
      float factor = cap(from, seen);
      hideFuture(first, seen);
      hidePast(first, from, seen);
      float[] sums = new float[STRIP];
      softmax(from, seen, 0, factor, sums);
      softmax(from, seen, L, factor, sums);
      mix(out, column, first, present, from, seen, sums);
    }

    /// The first key of the chunk in which the window of position `first` begins: the chunks of a
    /// mix begin at the same keys for every query, however many run together.
    private int firstSeen(int first) {
      int seen = window == 0 ? 0 : Math.max(0, first - window + 1);
      return seen / ScalarKernels.CHUNK * ScalarKernels.CHUNK;
    }

    /// Caps the scores where the network does, and gives the factor they still lack.
    private float cap(int from, int seen) {
      if (softCap == 0) {
        return scale;
      }
      int count = (seen - from) * STRIP;
      RowKernels.scale(scores, from * STRIP, count, scale, scores);
      RowKernels.softCap(scores, from * STRIP, count, softCap, scores);
      return 1;
    }

    private void packQueries(float[] queries, int column, int first, int present) {
      float[] rows = new float[STRIP * headSize];
      for (int t = 0; t < present; t++) {
        int source = (firstRow + first - past + t) * heads * headSize + column;
        System.arraycopy(queries, source, rows, t * headSize, headSize);
        queryRounding.round(rows, t * headSize, headSize);
      }
      query.packRows(rows, 0, headSize);
    }

    private void hideFuture(int first, int seen) {
      for (int key = first + 1; key < seen; key++) {
        int at = key * STRIP;
        Arrays.fill(scores, at, at + key - first, Float.NEGATIVE_INFINITY);
      }
    }

    private void hidePast(int first, int from, int seen) {
      if (window > 0) {
        for (int key = from; key <= seen - 1 - window; key++) {
          int firstBlind = Math.min(STRIP, Math.max(0, key + window - first));
          Arrays.fill(scores, key * STRIP + firstBlind, (key + 1) * STRIP, Float.NEGATIVE_INFINITY);
        }
      }
    }

    /// Unnormalized probabilities of `L` query positions, and their sums.
    private void softmax(int from, int seen, int lane, float scale, float[] sums) {
      FloatVector highest = FloatVector.fromArray(LANES, scores, from * STRIP + lane);
      for (int key = from + 1; key < seen; key++) {
        FloatVector other = FloatVector.fromArray(LANES, scores, key * STRIP + lane);
        // The vectors' own maximum minds the sign of zero, which makes no difference here.
        highest = highest.blend(other, other.compare(VectorOperators.GT, highest));
      }
      FloatVector shift = highest.mul(-scale);
      FloatVector factor = FloatVector.broadcast(LANES, scale);
      FloatVector sum = FloatVector.zero(LANES);
      long to = lane * (long) Float.BYTES;
      for (int key = from; key < seen; key++) {
        FloatVector score = FloatVector.fromArray(LANES, scores, key * STRIP + lane);
        FloatVector p = Exponential.of(score.fma(factor, shift));
        p.intoMemorySegment(probabilities, to + (key - from) * STEP, nativeOrder());
        sum = sum.add(p);
      }
      sum.intoArray(sums, lane);
    }

    private void mix(
        float[] out, int column, int first, int present, int from, int seen, float[] sums) {
      for (int d = 0; d < headSize; d += PANEL) {
        Arrays.fill(mixed, 0);
        MicroKernel.multiply(
            probabilities, 0, packed.valuePanels, d * length + from * PANEL, seen - from, mixed, 0);
        normalize(sums, 0);
        normalize(sums, L);
        int count = Math.min(PANEL, headSize - d);
        for (int t = 0; t < present; t++) {
          int to = (firstRow + first - past + t) * heads * headSize + column + d;
          for (int i = 0; i < count; i++) {
            out[to + i] = mixed[i * STRIP + t];
          }
        }
      }
    }

    /// Divides `L` query positions' mixes by the sums of their probabilities.
    private void normalize(float[] sums, int lane) {
      FloatVector sum = FloatVector.fromArray(LANES, sums, lane);
      for (int at = lane; at < mixed.length; at += STRIP) {
        FloatVector.fromArray(LANES, mixed, at).div(sum).intoArray(mixed, at);
      }
    }
  }
}
