package halftone.sensitivity;

import halftone.method.Card;
import java.util.Random;
import java.util.Set;

/// Blocks in an order that knows nothing: what a ranking has to beat.
///
/// @param seed of the order
public record RandomRanking(long seed) implements BlockRanking {
  @Override
  public Card card() {
    return new Card("random-blocks", "blocks in a random order, a control", "none", Set.of());
  }

  @Override
  public String spelled() {
    return card().id() + ":seed=" + seed;
  }

  @Override
  public double[] scores(BlockProbe probe) {
    return new Random(seed).doubles(probe.model().blocks().size()).toArray();
  }
}
