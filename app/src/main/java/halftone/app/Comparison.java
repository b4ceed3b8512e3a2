package halftone.app;

import halftone.evaluation.BaseComparison;
import halftone.evaluation.BaseLogitsWriter;
import halftone.evaluation.Evaluator;
import halftone.evaluation.LogitsRun;
import halftone.evaluation.Losses;
import halftone.evaluation.Reference;
import halftone.evaluation.ScoredText;
import halftone.evaluation.TokenScores;
import halftone.model.Model;
import halftone.recipe.Progress;
import halftone.runtime.Arithmetic;
import halftone.workers.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Runs networks over a text a few chunks at a time, so that the time left is known and memory does
/// not grow with the text.
record Comparison(Arithmetic arithmetic, Workers workers, Progress progress) {
  private static final int CHUNKS = 4;

  /// Scores chunks `from … to − 1`.
  private interface Slice {
    TokenScores score(int from, int to);
  }

  TokenScores against(Model reference, Model candidate, ScoredText text) {
    return sliced(
        text.chunks(),
        (from, to) -> {
          Reference measured =
              Reference.measure(
                  reference, arithmetic, text.slice(from, to), new TreeSet<>(), workers);
          return new Evaluator(measured, workers).score(candidate, arithmetic);
        });
  }

  /// @param chunks the first so many of the file
  TokenScores against(BaseComparison base, Model candidate, int chunks) {
    return sliced(chunks, (from, to) -> base.score(candidate, arithmetic, from, to));
  }

  private TokenScores sliced(int chunks, Slice slice) {
    progress.step("comparing", chunks);
    List<TokenScores> slices = new ArrayList<>();
    for (int from = 0; from < chunks; from += CHUNKS) {
      int to = Math.min(chunks, from + CHUNKS);
      slices.add(slice.score(from, to));
      progress.done(to - from);
    }
    return TokenScores.joined(slices);
  }

  /// −ln p of every scored token.
  double[] losses(Model model, ScoredText text) {
    double[] losses = new double[text.scored()];
    progress.step("reading", text.chunks());
    for (int from = 0; from < text.chunks(); from += CHUNKS) {
      int to = Math.min(text.chunks(), from + CHUNKS);
      double[] some = Losses.of(model, arithmetic, text.slice(from, to), workers);
      System.arraycopy(some, 0, losses, from * text.scoredPerChunk(), some.length);
      progress.done(to - from);
    }
    return losses;
  }

  /// The same, and every logit goes into `writer`.
  double[] losses(Model model, ScoredText text, BaseLogitsWriter writer) throws IOException {
    int vocabulary = LogitsRun.vocabulary(model);
    double[] losses = new double[text.scored()];
    progress.step("writing logits", text.chunks());
    for (int from = 0; from < text.chunks(); from += CHUNKS) {
      int to = Math.min(text.chunks(), from + CHUNKS);
      int token = from * text.scoredPerChunk();
      LogitsRun.run(
          model,
          arithmetic,
          text.slice(from, to),
          workers,
          (first, count, logits) -> {
            for (int i = 0; i < count; i++) {
              int at = token + first + i;
              losses[at] = Losses.of(logits, i * vocabulary, vocabulary, text.target(at));
              write(writer, logits, i * vocabulary);
            }
          });
      progress.done(to - from);
    }
    return losses;
  }

  private static void write(BaseLogitsWriter writer, float[] logits, int at) {
    try {
      writer.row(logits, at);
    } catch (IOException disk) {
      throw new UncheckedIOException(disk);
    }
  }
}
