package halftone.kernel.integer;

import halftone.machine.InstructionSet;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/// C\[m×n\] = X\[m×k\] · W\[n×k\]ᵀ for some weights W, all as one piece of work. The results do not
/// depend on the instructions.
///
/// May be used again for other rows and weights; with arrays that it has seen before, it takes no
/// new memory. Not safe for concurrent use.
public final class PanelProducts {
  /// Passes that are remembered, and the most rows of one: a token's rows have a handful of arrays,
  /// while those of a prompt are large and must not be held back from the collector.
  private static final int MOST = 16;

  private static final int MOST_ROWS = QuantizedRows.TILE;

  private final InstructionSet set;
  private final List<PanelPass> known = new ArrayList<>();
  private final List<PanelWeight> weights = new ArrayList<>();
  private final List<PanelPass> passes = new ArrayList<>();
  private final IntConsumer piece = this::multiply;

  /// The piece of work behind the last one of each weight.
  private int[] ends = {};

  public PanelProducts() {
    this(InstructionSet.chosen());
  }

  PanelProducts(InstructionSet set) {
    this.set = set;
  }

  /// One weight alone.
  ///
  /// @param out at least rows × outputs floats, overwritten
  public static void multiply(QuantizedRows x, PanelWeight weight, float[] out, Workers workers) {
    PanelProducts products = new PanelProducts();
    products.add(x, weight, out);
    products.run(workers);
  }

  /// Forgets what was added.
  public void clear() {
    weights.clear();
    passes.clear();
  }

  /// Rows that are to go through a weight when it all runs.
  ///
  /// @param out at least rows × outputs floats, overwritten
  public void add(QuantizedRows x, PanelWeight weight, float[] out) {
    weight.require(x, out);
    weights.add(weight);
    passes.add(pass(x, out));
  }

  private PanelPass pass(QuantizedRows x, float[] out) {
    if (x.rows() > MOST_ROWS) {
      known.clear();
      return new PanelPass(x, out, set);
    }
    for (int i = 0; i < known.size(); i++) {
      PanelPass pass = known.get(i);
      if (pass.x() == x && pass.out() == out) {
        return pass;
      }
    }
    if (known.size() == MOST || !known.isEmpty() && known.getFirst().x().rows() != x.rows()) {
      known.clear(); // a batch of another size has other arrays
    }
    PanelPass pass = new PanelPass(x, out, set);
    known.add(pass);
    return pass;
  }

  /// Multiplies all that was added, and forgets it.
  public void run(Workers workers) {
    int count = weights.size();
    if (ends.length < count) {
      ends = Arrays.copyOf(ends, count);
    }
    int pieces = 0;
    for (int i = 0; i < count; i++) {
      pieces += weights.get(i).pieces(passes.get(i));
      ends[i] = pieces;
    }
    try {
      workers.forEach(pieces, piece);
    } finally {
      clear();
    }
  }

  private void multiply(int number) {
    int i = 0;
    while (number >= ends[i]) {
      i++;
    }
    int own = i == 0 ? number : number - ends[i - 1];
    weights.get(i).multiply(own, passes.get(i));
  }
}
