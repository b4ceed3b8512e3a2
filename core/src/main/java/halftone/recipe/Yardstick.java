package halftone.recipe;

import halftone.evaluation.Evaluator;
import halftone.evaluation.Reference;
import halftone.evaluation.ScoredText;
import halftone.evaluation.TokenScores;
import halftone.model.Model;
import halftone.runtime.Arithmetic;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A text on which candidates are measured against the original. The original runs over it once,
/// when the first candidate comes.
final class Yardstick {
  private final Workshop shop;
  private final ScoredText text;
  private final int depths;
  private final long keptLogits;
  private @Nullable Evaluator evaluator;

  /// @param depths candidates are expected to begin to differ at the first block of one of so many
  ///   groups of blocks; they are then run from there on only
  /// @param keptLogits logits of the original to keep for the next candidate, at most
  Yardstick(Workshop shop, ScoredText text, int depths, long keptLogits) {
    this.shop = shop;
    this.text = text;
    this.depths = depths;
    this.keptLogits = keptLogits;
  }

  TokenScores score(Model candidate) {
    return score(candidate, Arithmetic.EXACT);
  }

  /// Of a candidate that is run this way; the original always runs exactly.
  TokenScores score(Model candidate, Arithmetic arithmetic) {
    return evaluator().score(candidate, arithmetic);
  }

  /// Of a candidate that equals the original before block `firstChanged`.
  TokenScores score(Model candidate, int firstChanged) {
    return evaluator().score(candidate, Arithmetic.EXACT, firstChanged);
  }

  /// The first position scored in every chunk.
  int firstScored() {
    return text.firstScored();
  }

  private Evaluator evaluator() {
    Evaluator ready = evaluator;
    if (ready == null) {
      Reference reference =
          Reference.measure(shop.model(), Arithmetic.EXACT, text, entries(), shop.workers());
      ready = new Evaluator(reference, shop.workers(), keptLogits);
      evaluator = ready;
    }
    return ready;
  }

  private TreeSet<Integer> entries() {
    int blocks = shop.model().blocks().size();
    TreeSet<Integer> entries = new TreeSet<>();
    for (int depth = 1; depth < depths; depth++) {
      entries.add(Math.ceilDiv(depth * blocks, depths));
    }
    return entries;
  }
}
