package halftone.recipe;

import halftone.evidence.InputMoments;
import halftone.evidence.MomentCollector;
import halftone.model.Model;
import halftone.model.Stage;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.Tap;
import halftone.workers.Workers;
import java.util.List;
import java.util.Map;

/// One pass of the calibration text through the network, block by block: all text through a block
/// before the next begins, so that one block's moments are in memory at a time.
final class CalibrationPass {
  /// Which layers' Gram matrices are gathered beside the mean squares.
  enum Grams {
    NONE,
    /// The output product's: it costs little, and its weight is the largest of a small network.
    HEAD,
    ALL
  }

  /// Receives the input moments of a block's linear layers, or of the head's.
  interface Reader {
    void read(Stage stage, Map<String, InputMoments> moments);
  }

  private CalibrationPass() {}

  static void run(
      Model model, int[][] chunks, Grams grams, Workers workers, Progress progress, Reader reader) {
    run(model, chunks, grams, Tap.NONE, workers, progress, reader);
  }

  /// @param also sees every input too
  static void run(
      Model model,
      int[][] chunks,
      Grams grams,
      Tap also,
      Workers workers,
      Progress progress,
      Reader reader) {
    Engine engine = new Engine(model, Arithmetic.EXACT, workers);
    List<Activations> batches = engine.embedInBatches(chunks);
    for (Stage block : model.blocks()) {
      MomentCollector collector = new MomentCollector(block, grams == Grams.ALL, workers);
      batches.replaceAll(
          batch -> {
            Activations stream = engine.run(block, batch, both(collector, also));
            collector.release(stream);
            return stream;
          });
      reader.read(block, collector.moments());
      progress.done(1);
    }
    MomentCollector collector = new MomentCollector(model.head(), grams != Grams.NONE, workers);
    for (Activations batch : batches) {
      engine.watch(model.head(), batch, both(collector, also));
    }
    reader.read(model.head(), collector.moments());
    progress.done(1);
  }

  private static Tap both(Tap first, Tap second) {
    return (weight, inputs) -> {
      first.input(weight, inputs);
      second.input(weight, inputs);
    };
  }
}
