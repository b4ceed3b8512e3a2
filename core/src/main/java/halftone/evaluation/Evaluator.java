package halftone.evaluation;

import halftone.model.Model;
import halftone.model.Stage;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.SharedWeights;
import halftone.runtime.Tap;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Compares networks with a [Reference], token by token.
public final class Evaluator {
  /// Rows whose logits are computed at once: 50 MB over a vocabulary of 49,152.
  private static final int ROWS = 256;

  /// What is kept from one candidate to the next, at most; the rest is made again each time.
  ///
  /// @param logits of the reference
  /// @param packedBytes of weights that candidates have from the reference, outside the heap
  public record Room(long logits, long packedBytes) {}

  private final Reference reference;
  private final Workers workers;
  private final SharedWeights weights;
  private final int vocabulary;
  private final Engine referenceEngine;
  private final Map<Integer, float[]> kept = new HashMap<>();
  private long room;

  public Evaluator(Reference reference, Workers workers) {
    this(reference, workers, new Room(0, 0));
  }

  /// For many candidates.
  public Evaluator(Reference reference, Workers workers, Room room) {
    this.reference = reference;
    this.room = room.logits();
    this.weights = new SharedWeights(reference.model(), room.packedBytes());
    this.workers = workers;
    vocabulary = Reference.vocabulary(reference.model());
    referenceEngine = engine(reference.model(), reference.arithmetic());
  }

  /// What candidates are compared with.
  public Reference reference() {
    return reference;
  }

  /// Runs `candidate` over the reference's text.
  ///
  /// @throws IllegalArgumentException when its vocabulary has another size than the reference's
  /// @throws ArithmeticException when a logit is NaN or infinite
  public TokenScores score(Model candidate, Arithmetic arithmetic) {
    return run(candidate, arithmetic, -1);
  }

  /// As [#score(Model, Arithmetic)], for a candidate that equals the reference before block
  /// `firstChangedBlock` and may differ from there on: it starts from the nearest residual stream
  /// that the reference kept. The result is the same.
  ///
  /// @param firstChangedBlock index of a block, or their number when only the head differs
  /// @throws IllegalArgumentException also when the reference ran in another arithmetic
  public TokenScores score(Model candidate, Arithmetic arithmetic, int firstChangedBlock) {
    if (!arithmetic.equals(reference.arithmetic())) {
      throw new IllegalArgumentException(
          "a reference run as %s gives no start for a candidate run as %s"
              .formatted(reference.arithmetic(), arithmetic));
    }
    if (firstChangedBlock < 0 || firstChangedBlock > candidate.blocks().size()) {
      throw new IllegalArgumentException("no block " + firstChangedBlock);
    }
    return run(candidate, arithmetic, firstChangedBlock);
  }

  private Engine engine(Model model, Arithmetic arithmetic) {
    return new Engine(model, arithmetic, weights, workers);
  }

  private TokenScores run(Model candidate, Arithmetic arithmetic, int firstChanged) {
    int size = Reference.vocabulary(candidate);
    if (size != vocabulary) {
      throw new IllegalArgumentException(
          "the candidate has a vocabulary of %d tokens and the reference one of %d: they are not the same network"
              .formatted(size, vocabulary));
    }
    ScoredText text = reference.text();
    TokenScorer scorer = new TokenScorer(text.chunks(), text.scoredPerChunk());
    Engine engine = engine(candidate, arithmetic);
    for (Reference.Batch batch : reference.batches()) {
      scoreBatch(batch, engine, hidden(candidate, engine, batch, firstChanged), scorer);
    }
    return scorer.scores();
  }

  /// Residual stream behind the last block: of all positions, or of the scored ones alone when no
  /// block has changed.
  private Activations hidden(
      Model candidate, Engine engine, Reference.Batch batch, int firstChanged) {
    List<Stage> blocks = candidate.blocks();
    if (firstChanged == blocks.size()) {
      return batch.last();
    }
    Map.@Nullable Entry<Integer, Activations> start =
        firstChanged < 0 ? null : Reference.nearest(batch, firstChanged);
    Activations hidden = start == null ? engine.embed(batch.tokens()) : start.getValue();
    for (Stage block : blocks.subList(start == null ? 0 : start.getKey(), blocks.size())) {
      hidden = engine.run(block, hidden, Tap.NONE);
    }
    return hidden;
  }

  private void scoreBatch(
      Reference.Batch batch, Engine engine, Activations hidden, TokenScorer scorer) {
    ScoredText text = reference.text();
    int[] rows = scoredRows(hidden, text);
    int[] own = IntStream.range(0, batch.last().rows()).toArray();
    int firstToken = batch.firstChunk() * text.scoredPerChunk();
    for (int from = 0; from < rows.length; from += ROWS) {
      int to = Math.min(rows.length, from + ROWS);
      int token = firstToken + from;
      float[] base = referenceLogits(batch, Arrays.copyOfRange(own, from, to), token);
      engine.head(
          hidden,
          Arrays.copyOfRange(rows, from, to),
          Tap.NONE,
          (first, count, logits) ->
              workers.forEach(
                  count,
                  i ->
                      scorer.logits(
                          token + first + i,
                          base,
                          (first + i) * vocabulary,
                          logits,
                          i * vocabulary,
                          vocabulary,
                          text.target(token + first + i))));
    }
  }

  /// Logits of some rows of a batch, the first of them scored token `token` of the text.
  private float[] referenceLogits(Reference.Batch batch, int[] rows, int token) {
    float[] known = kept.get(token);
    if (known != null) {
      return known;
    }
    float[] base = new float[rows.length * vocabulary];
    referenceEngine.head(
        batch.last(),
        rows,
        Tap.NONE,
        (first, count, logits) ->
            System.arraycopy(logits, 0, base, first * vocabulary, count * vocabulary));
    if (base.length <= room) {
      room -= base.length;
      kept.put(token, base);
    }
    return base;
  }

  /// Rows of the scored positions in a residual stream of all positions, or of the scored ones
  /// alone.
  static int[] scoredRows(Activations hidden, ScoredText text) {
    int scored = text.scoredPerChunk();
    int skipped = hidden.length() == scored ? 0 : text.firstScored();
    int[] rows = new int[hidden.sequences() * scored];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i / scored * hidden.length() + skipped + i % scored;
    }
    return rows;
  }
}
