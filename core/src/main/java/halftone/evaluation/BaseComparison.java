package halftone.evaluation;

import halftone.model.Model;
import halftone.runtime.Arithmetic;
import halftone.workers.Workers;

/// Compares networks with the log-probabilities of a [BaseLogits] file, whose own network need not
/// be at hand.
///
/// @param beginning replaces the first token of every chunk, for networks whose tokenizer adds one
public record BaseComparison(BaseLogits base, java.util.OptionalInt beginning, Workers workers) {
  /// The file's text.
  public ScoredText text() {
    return ScoredText.cut(base.tokens(), base.length(), base.chunks(), beginning);
  }

  /// Runs `candidate` over chunks `from … to − 1` of the file's text.
  ///
  /// @throws IllegalArgumentException when its vocabulary has another size than the file's
  /// @throws ArithmeticException when a logit is NaN or infinite
  public TokenScores score(Model candidate, Arithmetic arithmetic, int from, int to) {
    int vocabulary = LogitsRun.vocabulary(candidate);
    if (vocabulary != base.vocabulary()) {
      throw new IllegalArgumentException(
          "the network has a vocabulary of %d tokens and the base-logit file one of %d: it is of another network"
              .formatted(vocabulary, base.vocabulary()));
    }
    ScoredText text = text().slice(from, to);
    int skipped = from * text.scoredPerChunk();
    TokenScorer scorer = new TokenScorer(text.chunks(), text.scoredPerChunk());
    LogitsRun.run(
        candidate,
        arithmetic,
        text,
        workers,
        (first, count, logits) ->
            workers.forEach(
                count,
                i -> {
                  float[] row = new float[vocabulary];
                  base.row(skipped + first + i, row);
                  int target = text.target(first + i);
                  scorer.logProbabilities(
                      first + i, row, logits, i * vocabulary, vocabulary, target);
                }));
    return scorer.scores();
  }
}
