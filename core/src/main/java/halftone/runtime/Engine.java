package halftone.runtime;

import halftone.model.Model;
import halftone.model.Stage;
import halftone.workers.Workers;

/// Runs a model on the CPU, stage by stage, on many sequences at once. Results depend neither on the number of workers
/// nor on how many sequences run together.
public final class Engine {
  private final Model model;
  private final Arithmetic arithmetic;
  private final Workers workers;

  public Engine(Model model, Arithmetic arithmetic, Workers workers) {
    this.model = model;
    this.arithmetic = arithmetic;
    this.workers = workers;
  }

  /// Token ids, one array a sequence, all of one length, to the first residual stream.
  public Activations embed(int[][] tokens) {
    throw new IllegalStateException();
  }

  /// Runs a block on the residual stream; `hidden` is not changed.
  public Activations run(Stage block, Activations hidden, Tap tap) {
    throw new IllegalStateException();
  }

  /// Final norm and output product for the chosen rows of the residual stream.
  public void head(Activations hidden, int[] rows, Tap tap, LogitsReader reader) {
    throw new IllegalStateException();
  }
}
