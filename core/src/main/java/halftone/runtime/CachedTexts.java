package halftone.runtime;

import halftone.kernel.RowRounding;
import halftone.kvcache.CachePolicy;
import halftone.kvcache.LayerCache;
import halftone.kvcache.QueryAttention;
import halftone.model.Op;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Sequences that go on from what they remember.
final class CachedTexts implements Positions {
  private final Operations operations;
  private final Workers workers;
  private final CachePolicy policy;
  private final RowRounding queryRounding;
  private final int context;
  private final Map<Op.Rope, RowOperations.Turn> turns = new HashMap<>();

  private final Map<Op.Attention, QueryAttention> attentions = new HashMap<>();
  private final NewestPositions newest = new NewestPositions();

  /// By sequence, then by the number of the attention.
  private final Map<Integer, @Nullable LayerCache[]> caches = new HashMap<>();

  private final int attentionCount;

  private int[] running = {};
  private int[] starts = {};

  /// What the running sequences remember of the layer at hand.
  private LayerCache[] layers = {};

  /// @param attentionCount how many there are in the network
  CachedTexts(
      Operations operations,
      Arithmetic arithmetic,
      CachePolicy policy,
      int context,
      int attentionCount,
      Workers workers) {
    this.operations = operations;
    this.policy = policy;
    this.context = context;
    this.attentionCount = attentionCount;
    this.workers = workers;
    this.queryRounding = arithmetic.halvesCache() ? policy.queryRounding() : RowRounding.NONE;
  }

  /// The next run is of these sequences.
  ///
  /// @param position of the first new token of a sequence
  void begin(int[] sequences, IntUnaryOperator position) {
    running = sequences;
    if (starts.length != sequences.length) {
      starts = new int[sequences.length];
    }
    for (int s = 0; s < starts.length; s++) {
      starts[s] = position.applyAsInt(sequences[s]);
    }
  }

  void forget(int sequence) {
    caches.remove(sequence);
    layers = new LayerCache[0];
  }

  /// Bytes of the rotary tables.
  long tableBytes() {
    return turns.values().stream().mapToLong(turn -> turn.table().bytes()).sum();
  }

  long bytes() {
    return caches.values().stream()
        .flatMap(Arrays::stream)
        .filter(Objects::nonNull)
        .mapToLong(LayerCache::bytes)
        .sum();
  }

  @Override
  public Activations rope(Op.Rope rope, Activations x) {
    int needed = 0;
    for (int start : starts) {
      needed = Math.max(needed, start + x.length());
    }
    RowOperations.Turn turn = turns.get(rope);
    if (turn == null || turn.table().length() < needed || turn.starts() != starts) {
      turn = new RowOperations.Turn(table(rope, turn, needed), starts);
      turns.put(rope, turn);
    }
    return operations.byRow().rotate(turn, x);
  }

  private RotaryTable table(Op.Rope rope, RowOperations.@Nullable Turn before, int needed) {
    if (before != null && before.table().length() >= needed) {
      return before.table();
    }
    int length = (int) Math.min(context, Math.max(2L * needed, 256));
    return operations.rotations(rope, Math.max(needed, length), context);
  }

  @Override
  public Activations attend(
      Step.Attend attend, Activations queries, Activations keys, Activations values) {
    Op.Attention op = attend.op();
    Activations out = operations.byRow().like(queries, op.heads() * op.headSize());
    int length = queries.length();
    if (layers.length != running.length) {
      layers = new LayerCache[running.length];
    }
    for (int s = 0; s < running.length; s++) {
      layers[s] = layer(running[s], attend);
      layers[s].extend(length);
    }
    if (length == 1) {
      newest.attend(attention(op), queries, keys, values, out);
      return out;
    }
    int heads = op.keyValueHeads();
    workers.forEach(
        layers.length * heads,
        piece -> {
          int text = piece / heads;
          layers[text].put(piece % heads, keys.values(), values.values(), text * length, length);
        });
    for (int s = 0; s < running.length; s++) {
      attention(op)
          .attention()
          .run(
              queries.values(),
              s * length,
              length,
              layers[s],
              layers[s].first(),
              starts[s],
              out.values(),
              workers);
    }
    return out;
  }

  private QueryAttention attention(Op.Attention op) {
    QueryAttention known = attentions.get(op);
    if (known == null) {
      known = new QueryAttention(Operations.attention(op, queryRounding, RowRounding.NONE));
      attentions.put(op, known);
    }
    return known;
  }

  private LayerCache layer(int sequence, Step.Attend attend) {
    @Nullable LayerCache[] ofText = caches.get(sequence);
    if (ofText == null) {
      ofText = new LayerCache[attentionCount];
      caches.put(sequence, ofText);
    }
    LayerCache known = ofText[attend.number()];
    if (known == null) {
      Op.Attention op = attend.op();
      known = policy.layer(op.keyValueHeads(), op.headSize(), op.window());
      ofText[attend.number()] = known;
    }
    return known;
  }

  /// The newest position of each text: a piece of work stores the key and the value of a head, and
  /// its queries attend.
  private final class NewestPositions implements IntConsumer {
    private @Nullable QueryAttention attention;
    private float[] queries = {};
    private float[] keys = {};
    private float[] values = {};
    private float[] out = {};

    void attend(
        QueryAttention by,
        Activations queryRows,
        Activations keyRows,
        Activations valueRows,
        Activations results) {
      attention = by;
      queries = queryRows.values();
      keys = keyRows.values();
      values = valueRows.values();
      out = results.values();
      workers.forEach(layers.length * by.attention().keyValueHeads(), this);
    }

    @Override
    public void accept(int piece) {
      QueryAttention by = Objects.requireNonNull(attention);
      int heads = by.attention().keyValueHeads();
      int text = piece / heads;
      int head = piece % heads;
      layers[text].put(head, keys, values, text, 1);
      by.run(queries, text, layers[text], head, out);
    }
  }
}
