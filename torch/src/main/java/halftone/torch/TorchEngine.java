package halftone.torch;

import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// Runs a model as a differentiable libtorch graph, twice differentiable too: the same network as
/// `halftone.runtime.Engine`, from the same nodes.
///
/// Every call leaves its tensors to the pointer scope around it: open one a step and memory stays
/// flat. Not safe for concurrent use.
///
/// Example, one step of training:
///
/// ```java
/// try (PointerScope scope = new PointerScope()) {
///   Batch batch = new Batch(tokens);
///   Tensor loss = Losses.nextToken(engine.logits(batch, LinearTap.NONE), batch);
///   TensorVector gradients = torch.grad(new TensorVector(loss), parameters.vector(names));
/// }
/// ```
public final class TorchEngine implements AutoCloseable {
  private final Model model;
  private final Tables tables;
  private final TensorOperations operations;

  /// @param parameters of the same model; they stay the caller's to close
  /// @throws IllegalArgumentException when the model is known by name only and cannot be run
  public TorchEngine(Model model, Parameters parameters) {
    if (model.stages().isEmpty()) {
      throw new IllegalArgumentException("this architecture can be quantized by preset, not run");
    }
    this.model = model;
    this.tables = new Tables(parameters);
    this.operations = new TensorOperations(parameters, tables);
  }

  /// The whole network: rows × vocabulary.
  ///
  /// @throws IllegalArgumentException when an id is not in the vocabulary
  public Tensor logits(Batch batch, LinearTap tap) {
    Tensor hidden = embed(batch);
    for (Stage block : model.blocks()) {
      hidden = run(block, hidden, batch.length(), tap);
    }
    return run(model.head(), hidden, batch.length(), tap);
  }

  /// The first residual stream: rows × width.
  ///
  /// @throws IllegalArgumentException when an id is not in the vocabulary
  public Tensor embed(Batch batch) {
    Node first = model.embedding().nodes().getFirst();
    if (!(first.op() instanceof Op.Embedding embedding)) {
      throw new IllegalArgumentException("the first operation of a model looks tokens up");
    }
    Run run = new Run(batch.length(), LinearTap.NONE);
    run.values.put(first.output(), operations.embed(embedding, batch));
    return run.nodes(model.embedding(), 1);
  }

  /// A block or the head, on a residual stream of sequences of this length.
  public Tensor run(Stage stage, Tensor hidden, int length, LinearTap tap) {
    Run run = new Run(length, tap);
    run.values.put(Stage.HIDDEN, hidden);
    return run.nodes(stage, 0);
  }

  /// Frees masks and rotations.
  @Override
  public void close() {
    tables.close();
  }

  /// One pass through a stage: the values in it, by name.
  private final class Run {
    private final int length;
    private final LinearTap tap;
    private final Map<String, Tensor> values = new HashMap<>();

    Run(int length, LinearTap tap) {
      this.length = length;
      this.tap = tap;
    }

    Tensor nodes(Stage stage, int from) {
      for (Node node : stage.nodes().subList(from, stage.nodes().size())) {
        values.put(node.output(), apply(node));
      }
      return value(stage.nodes().getLast().output());
    }

    private Tensor apply(Node node) {
      Tensor x = input(node, 0);
      return switch (node.op()) {
        case Op.Embedding embedding ->
            throw new IllegalArgumentException(
                embedding + " stands first in a model, nowhere else");
        case Op.Scale scale -> operations.scale(scale, x);
        case Op.RmsNorm norm -> operations.norm(norm, x);
        case Op.Linear linear -> linear(linear, x);
        case Op.Columns columns -> operations.columns(columns, x);
        case Op.Rope rope -> operations.rope(rope, x, length);
        case Op.Attention attention ->
            operations.attend(attention, x, input(node, 1), input(node, 2), length);
        case Op.Gated gated -> operations.gate(gated, x, input(node, 1));
        case Op.SoftCap cap -> operations.softCap(cap, x);
        case Op.Add _ -> x.add(input(node, 1));
      };
    }

    private Tensor linear(Op.Linear linear, Tensor x) {
      Tensor output = operations.linear(linear, x);
      tap.linear(linear.weight(), x, output);
      return output;
    }

    private Tensor input(Node node, int index) {
      return value(node.inputs().get(index));
    }

    private Tensor value(String name) {
      Tensor value = values.get(name);
      if (value == null) {
        throw new IllegalArgumentException("no value " + name + " at this point of the stage");
      }
      return value;
    }
  }
}
