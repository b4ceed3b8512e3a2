package halftone.runtime;

import halftone.kernel.Attention;
import halftone.kernel.RowRounding;
import halftone.kvcache.CachePolicy;
import halftone.kvcache.LayerCache;
import halftone.kvcache.QueryAttention;
import halftone.model.Op;
import halftone.workers.Workers;
import java.util.HashMap;
import java.util.Map;

/// Sequences that go on from what they remember.
final class CachedTexts implements Positions {
  private final Operations operations;
  private final Workers workers;
  private final CachePolicy policy;
  private final RowRounding queryRounding;
  private final int context;
  private final Map<Op.Rope, RotaryTable> tables = new HashMap<>();

  /// By sequence, then by layer.
  private final Map<Integer, Map<String, LayerCache>> caches = new HashMap<>();

  private int[] running = {};
  private int[] starts = {};

  CachedTexts(
      Operations operations,
      Arithmetic arithmetic,
      CachePolicy policy,
      int context,
      Workers workers) {
    this.operations = operations;
    this.policy = policy;
    this.context = context;
    this.workers = workers;
    this.queryRounding = arithmetic.halvesCache() ? policy.queryRounding() : RowRounding.NONE;
  }

  /// The next run is of these sequences, which stand at these positions.
  void begin(int[] sequences, int[] positions) {
    running = sequences;
    starts = positions;
  }

  void forget(int sequence) {
    caches.remove(sequence);
  }

  /// Bytes of the rotary tables.
  long tableBytes() {
    return tables.values().stream().mapToLong(RotaryTable::bytes).sum();
  }

  long bytes() {
    return caches.values().stream()
        .flatMap(layers -> layers.values().stream())
        .mapToLong(LayerCache::bytes)
        .sum();
  }

  @Override
  public Activations rope(Op.Rope rope, Activations x) {
    int needed = 0;
    for (int start : starts) {
      needed = Math.max(needed, start + x.length());
    }
    RotaryTable table = tables.get(rope);
    if (table == null || table.length() < needed) {
      int length = (int) Math.min(context, Math.max(2L * needed, 256));
      table = operations.rotations(rope, Math.max(needed, length), context);
      tables.put(rope, table);
    }
    return operations.rotate(table, x, row -> starts[row / x.length()] + row % x.length());
  }

  @Override
  public Activations attend(
      String layer, Op.Attention op, Activations queries, Activations keys, Activations values) {
    Activations out = operations.like(queries, op.heads() * op.headSize());
    Attention attention = Operations.attention(op, queryRounding, RowRounding.NONE);
    int length = queries.length();
    LayerCache[] layers = new LayerCache[running.length];
    for (int s = 0; s < running.length; s++) {
      layers[s] = layer(running[s], layer, op);
      layers[s].extend(length);
    }
    int heads = op.keyValueHeads();
    if (length == 1) {
      QueryAttention newest = new QueryAttention(attention);
      workers.forEach(
          layers.length * heads,
          piece -> {
            int text = piece / heads;
            int head = piece % heads;
            layers[text].put(head, keys.values(), values.values(), text, 1);
            newest.run(queries.values(), text, layers[text], head, out.values());
          });
    } else {
      workers.forEach(
          layers.length * heads,
          piece -> {
            int text = piece / heads;
            layers[text].put(piece % heads, keys.values(), values.values(), text * length, length);
          });
      for (int s = 0; s < running.length; s++) {
        attention.run(
            queries.values(),
            s * length,
            length,
            layers[s],
            layers[s].first(),
            starts[s],
            out.values(),
            workers);
      }
    }
    return out;
  }

  private LayerCache layer(int sequence, String name, Op.Attention op) {
    return caches
        .computeIfAbsent(sequence, key -> new HashMap<>())
        .computeIfAbsent(name, key -> policy.layer(op.keyValueHeads(), op.headSize(), op.window()));
  }
}
