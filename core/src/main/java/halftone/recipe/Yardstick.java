package halftone.recipe;

import halftone.evaluation.Evaluator;
import halftone.evaluation.Reference;
import halftone.evaluation.ScoredText;
import halftone.evaluation.TokenScores;
import halftone.model.Model;
import halftone.runtime.Arithmetic;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A text on which candidates are measured against the original. The original runs over it once,
/// when the first candidate comes.
final class Yardstick {
  /// Logits of the original that are kept on a text that many candidates read: 400 MB.
  static final long KEPT_LOGITS = 100_000_000;

  /// Bytes that weights of the original may take in the panels of integers, outside the heap.
  private static final long PACKED_BYTES = 2L << 30;

  private final Workshop shop;
  private final Supplier<Model> original;
  private final Arithmetic arithmetic;
  private final ScoredText text;
  private final int depths;
  private final Evaluator.Room room;
  private @Nullable Evaluator evaluator;

  /// @param depths candidates are expected to begin to differ at the first block of one of so many
  ///   groups of blocks; they are then run from there on only
  /// @param keptLogits logits of the original to keep for the next candidate, at most
  Yardstick(Workshop shop, ScoredText text, int depths, long keptLogits) {
    this(shop, shop::model, Arithmetic.EXACT, text, depths, new Evaluator.Room(keptLogits, 0));
  }

  private Yardstick(
      Workshop shop,
      Supplier<Model> original,
      Arithmetic arithmetic,
      ScoredText text,
      int depths,
      Evaluator.Room room) {
    this.shop = shop;
    this.original = original;
    this.arithmetic = arithmetic;
    this.text = text;
    this.depths = depths;
    this.room = room;
  }

  /// For what a few tensors lose, several times as fast: everything is run with products in
  /// integers, and what `original` gives, whose weights are in integers, stands for the original.
  static Yardstick inIntegers(
      Workshop shop, Supplier<Model> original, ScoredText text, int depths) {
    Evaluator.Room room = new Evaluator.Room(KEPT_LOGITS, PACKED_BYTES);
    return new Yardstick(shop, original, Arithmetic.INT8, text, depths, room);
  }

  /// What candidates are compared with.
  Model original() {
    return evaluator().reference().model();
  }

  TokenScores score(Model candidate) {
    return score(candidate, arithmetic);
  }

  /// Of a candidate that is run this way, whichever way the original runs.
  TokenScores score(Model candidate, Arithmetic arithmetic) {
    return evaluator().score(candidate, arithmetic);
  }

  /// Of a candidate that equals the original before block `firstChanged`.
  TokenScores score(Model candidate, int firstChanged) {
    return evaluator().score(candidate, arithmetic, firstChanged);
  }

  /// The first position scored in every chunk.
  int firstScored() {
    return text.firstScored();
  }

  private Evaluator evaluator() {
    Evaluator ready = evaluator;
    if (ready == null) {
      Reference reference =
          Reference.measure(original.get(), arithmetic, text, entries(), shop.workers());
      ready = new Evaluator(reference, shop.workers(), room);
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
