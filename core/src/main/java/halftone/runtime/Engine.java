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
  private final StagePlanner planner;
  private List<StagePlan> blocks = List.of();
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
    this.planner = new StagePlanner(operations);
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
    run.begin(plan(model.embedding()), operations.embed(embedding, tokens), true, Tap.NONE);
    return run.all();
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
    run.begin(plan(block), hidden, false, tap);
    return run.all();
  }

  /// Runs the residual stream through all blocks; it goes back to the buffers, and the result is
  /// the caller's own.
  Activations blocks(Activations hidden) {
    if (blocks.isEmpty()) {
      blocks = model.blocks().stream().map(this::plan).toList();
    }
    Activations stream = hidden;
    for (int i = 0; i < blocks.size(); i++) {
      run.begin(blocks.get(i), stream, true, Tap.NONE);
      stream = run.all();
    }
    return stream;
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
    run.begin(plan(stage), hidden, false, tap);
    run.untilLastLinear();
  }

  /// Final norm and output product for the chosen rows of the residual stream, some rows at a time;
  /// the tap sees the same batches, as one sequence each.
  public void head(Activations hidden, int[] rows, Tap tap, LogitsReader reader) {
    Activations logits = null;
    for (int from = 0; from < rows.length; from += HEAD_ROWS) {
      int count = Math.min(HEAD_ROWS, rows.length - from);
      Activations batch = chosen(hidden, rows, from, count);
      run.begin(plan(model.head()), batch, false, tap);
      run.reuse(logits);
      logits = run.all();
      reader.accept(from, count, logits.values());
      if (tap == Tap.NONE) {
        operations.release(batch);
      }
    }
    if (logits != null) {
      operations.release(logits);
    }
  }

  private StagePlan plan(Stage stage) {
    StagePlan known = plans.get(stage);
    return known == null ? plans.computeIfAbsent(stage, this::planned) : known;
  }

  private StagePlan planned(Stage stage) {
    List<Node> nodes = stage.nodes();
    if (stage == model.embedding()) {
      String entry = nodes.getFirst().output();
      return planner.plan(nodes.subList(1, nodes.size()), entry, false);
    }
    return planner.plan(nodes, Stage.HIDDEN, stage == model.head());
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
