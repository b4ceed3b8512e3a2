package halftone.evaluation;

import halftone.model.Model;
import halftone.model.Stage;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.LogitsReader;
import halftone.runtime.Tap;
import halftone.workers.Workers;
import java.util.Arrays;

/// A network's logits at every scored position of a text.
public final class LogitsRun {
  private LogitsRun() {}

  /// Runs the network; `reader` is given the scored tokens in text order, counted through the whole
  // text.
  public static void run(
      Model model, Arithmetic arithmetic, ScoredText text, Workers workers, LogitsReader reader) {
    Engine engine = new Engine(model, arithmetic, workers);
    for (int chunk = 0; chunk < text.chunks(); chunk += Reference.CHUNKS_PER_BATCH) {
      int end = Math.min(text.chunks(), chunk + Reference.CHUNKS_PER_BATCH);
      Activations hidden = engine.embed(Arrays.copyOfRange(text.inputs(), chunk, end));
      for (Stage block : model.blocks()) {
        hidden = engine.run(block, hidden, Tap.NONE);
      }
      int token = chunk * text.scoredPerChunk();
      engine.head(
          hidden,
          Evaluator.scoredRows(hidden, text),
          Tap.NONE,
          (first, count, logits) -> reader.accept(token + first, count, logits));
    }
  }

  /// Number of logits a position.
  ///
  /// @throws IllegalArgumentException for a model that cannot be run
  public static int vocabulary(Model model) {
    return Reference.vocabulary(model);
  }
}
