package halftone.recipe;

import halftone.evidence.InputMoments;
import halftone.evidence.MomentCollector;
import halftone.model.Model;
import halftone.model.Stage;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One pass of the calibration text through the network, block by block: all text through a block
/// before the next begins, so that one block's moments are in memory at a time.
final class CalibrationPass {
  /// Chunks that run together.
  static final int BATCH = 4;

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
    Engine engine = new Engine(model, Arithmetic.EXACT, workers);
    List<Activations> batches = embed(engine, chunks);
    for (Stage block : model.blocks()) {
      MomentCollector collector = new MomentCollector(block, grams == Grams.ALL, workers);
      batches.replaceAll(
          batch -> {
            Activations stream = engine.run(block, batch, collector);
            collector.release(stream);
            return stream;
          });
      reader.read(block, collector.moments());
      progress.done(1);
    }
    MomentCollector collector = new MomentCollector(model.head(), grams != Grams.NONE, workers);
    for (Activations batch : batches) {
      engine.watch(model.head(), batch, collector);
    }
    reader.read(model.head(), collector.moments());
    progress.done(1);
  }

  static List<Activations> embed(Engine engine, int[][] chunks) {
    List<Activations> batches = new ArrayList<>();
    for (int from = 0; from < chunks.length; from += BATCH) {
      int to = Math.min(chunks.length, from + BATCH);
      batches.add(engine.embed(java.util.Arrays.copyOfRange(chunks, from, to)));
    }
    return batches;
  }
}
