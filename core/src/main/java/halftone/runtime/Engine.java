package halftone.runtime;

import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Runs a model on the CPU, stage by stage, on many sequences at once. Results depend neither on
/// the number of workers nor on how many sequences run together, bit for bit. One engine serves one
/// thread at a time.
public final class Engine {
  /// Rows whose logits are computed together: 256 × 49152 floats are 50 MB.
  private static final int HEAD_ROWS = 256;

  /// Sequences that [#embedInBatches] puts together.
  public static final int BATCH = 4;

  private final Model model;
  private final Operations operations;
  private final Map<Stage, StagePlan> plans = new IdentityHashMap<>();
  private final StageRun run;

  /// @throws IllegalArgumentException when the model is known by name only and cannot be run
  public Engine(Model model, Arithmetic arithmetic, Workers workers) {
    this(model, new Operations(model, arithmetic, Products.DECODING, workers), arithmetic, workers);
  }

  private Engine(Model model, Operations operations, Arithmetic arithmetic, Workers workers) {
    this(model, operations, new WholeTexts(operations, arithmetic, workers));
  }

  /// For a model with the weights of another, or most of them: what `shared` packed of that one is
  /// used.
  ///
  /// @throws IllegalArgumentException as above
  public Engine(Model model, Arithmetic arithmetic, SharedWeights shared, Workers workers) {
    this(model, new Operations(model, arithmetic, shared.products(), workers), arithmetic, workers);
  }

  Engine(Model model, Operations operations, Positions positions) {
    if (model.stages().isEmpty()) {
      throw new IllegalArgumentException("this architecture can be quantized by preset, not run");
    }
    this.model = model;
    this.operations = operations;
    this.run = new StageRun(operations, positions);
  }

  /// Token ids, one array a sequence, all of one length, to the first residual stream.
  ///
  /// @throws IllegalArgumentException when lengths differ or an id is not in the vocabulary
  public Activations embed(int[][] tokens) {
    Node first = model.embedding().nodes().getFirst();
    if (!(first.op() instanceof Op.Embedding embedding)) {
      throw new IllegalArgumentException("the first operation of a model looks tokens up");
    }
    begin(model.embedding(), Tap.NONE);
    run.own(first.output(), operations.embed(embedding, tokens));
    return run.steps(1);
  }

  /// The first residual streams of many sequences of one length, some together: as many as fit the
  /// cache of what runs them best.
  public List<Activations> embedInBatches(int[][] tokens) {
    List<Activations> batches = new ArrayList<>();
    for (int from = 0; from < tokens.length; from += BATCH) {
      batches.add(embed(Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + BATCH))));
    }
    return batches;
  }

  /// Runs a block on the residual stream; `hidden` is not changed, and the result is the caller's
  /// own.
  public Activations run(Stage block, Activations hidden, Tap tap) {
    begin(block, tap);
    run.put(Stage.HIDDEN, hidden);
    return run.steps(0);
  }

  /// Runs texts of one length through all blocks, for what the tap sees.
  public void watch(int[][] tokens, Tap tap) {
    for (Activations batch : embedInBatches(tokens)) {
      Activations stream = batch;
      for (Stage block : model.blocks()) {
        stream = run(block, stream, tap);
      }
    }
  }

  /// Runs a stage only as far as the inputs of its last linear layer, for what the tap sees.
  public void watch(Stage stage, Activations hidden, Tap tap) {
    begin(stage, tap);
    run.put(Stage.HIDDEN, hidden);
    run.untilLastLinear();
  }

  /// Final norm and output product for the chosen rows of the residual stream, some rows at a time;
  /// the tap sees the same batches, as one sequence each.
  public void head(Activations hidden, int[] rows, Tap tap, LogitsReader reader) {
    Activations logits = null;
    for (int from = 0; from < rows.length; from += HEAD_ROWS) {
      int count = Math.min(HEAD_ROWS, rows.length - from);
      Activations batch = chosen(hidden, rows, from, count);
      begin(model.head(), tap);
      run.put(Stage.HIDDEN, batch);
      run.reuse(logits);
      logits = run.steps(0);
      reader.accept(from, count, logits.values());
      if (tap == Tap.NONE) {
        operations.release(batch);
      }
    }
    if (logits != null) {
      operations.release(logits);
    }
  }

  private void begin(Stage stage, Tap tap) {
    StagePlan known = plans.get(stage);
    run.begin(known == null ? plans.computeIfAbsent(stage, this::plan) : known, tap);
  }

  private StagePlan plan(Stage stage) {
    boolean isHead = stage == model.head();
    return StagePlan.of(stage, (layers, to) -> operations.linears(layers, to, isHead));
  }

  private Activations chosen(Activations hidden, int[] rows, int from, int count) {
    int width = hidden.width();
    Activations batch = operations.byRow().empty(1, count, width);
    for (int i = 0; i < count; i++) {
      System.arraycopy(hidden.values(), rows[from + i] * width, batch.values(), i * width, width);
    }
    return batch;
  }
}
