package halftone.torch;

import halftone.evidence.GradientTap;
import halftone.model.Model;
import halftone.model.Stage;
import halftone.runtime.Activations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Differentiates a network stage by stage from its end, and shows each linear layer's inputs and
/// output gradients to a tap.
final class BackwardPass implements AutoCloseable {
  /// Chunks that run together.
  private static final int BATCH = 4;

  /// Rows whose logits are differentiated together: 256 × 49152 floats are 50 MB, some times over.
  private static final int HEAD_ROWS = 256;

  private final Model model;
  private final Parameters parameters;
  private final TorchEngine engine;
  private final GradientTap tap;
  private final List<Batch> batches = new ArrayList<>();

  /// Residual streams before some blocks, a list of one a batch for each.
  private final List<List<Tensor>> kept = new ArrayList<>();

  /// Gradients by the stream behind the stage that comes next, one a batch.
  private List<Tensor> gradients = new ArrayList<>();

  BackwardPass(Model model, Parameters parameters, TorchEngine engine, GradientTap tap) {
    this.model = model;
    this.parameters = parameters;
    this.engine = engine;
    this.tap = tap;
  }

  /// @param keptBytes of residual streams that may be kept for the sake of time
  /// @throws IllegalArgumentException for no chunks, or a loss that is no number
  void run(int[][] chunks, LabelledLoss loss, long keptBytes) {
    for (int from = 0; from < chunks.length; from += BATCH) {
      int to = Math.min(chunks.length, from + BATCH);
      batches.add(new Batch(Arrays.copyOfRange(chunks, from, to)));
    }
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("gradients of no text");
    }
    int blocks = model.blocks().size();
    List<Tensor> first = embed();
    long bytes = first.stream().mapToLong(Tensor::nbytes).sum();
    int segment = segment(blocks, bytes, keptBytes);
    List<Tensor> last = forward(first, segment);
    head(last, loss);
    free(last);
    for (int from = (blocks - 1) / segment * segment; from >= 0; from -= segment) {
      backward(from, Math.min(blocks, from + segment));
    }
  }

  private List<Tensor> embed() {
    List<Tensor> streams = new ArrayList<>();
    for (Batch batch : batches) {
      streams.add(quietly(() -> engine.embed(batch)));
    }
    parameters.release(model.tensors().keySet());
    return streams;
  }

  /// Blocks from one place where the stream is kept to the next: as few as memory allows, since all
  /// but the first of them run once more; at most √blocks, which needs the least memory.
  static int segment(int blocks, long streamBytes, long keptBytes) {
    int most = (int) Math.ceil(Math.sqrt(blocks));
    int segment = 1;
    while (segment < most && (blocks / segment + segment) * streamBytes > keptBytes) {
      segment++;
    }
    return segment;
  }

  /// Runs all blocks, keeping the streams before every `segment`-th, and gives those behind the
  /// last.
  private List<Tensor> forward(List<Tensor> first, int segment) {
    List<Tensor> streams = first;
    for (int block = 0; block < model.blocks().size(); block++) {
      List<Tensor> before = streams;
      streams = through(block, before);
      if (block % segment == 0) {
        kept.add(before);
      } else {
        free(before);
      }
    }
    return streams;
  }

  private List<Tensor> through(int block, List<Tensor> streams) {
    Stage stage = model.blocks().get(block);
    List<Tensor> behind = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      Tensor stream = streams.get(i);
      int length = batches.get(i).length();
      behind.add(quietly(() -> engine.run(stage, stream, length, LinearTap.NONE)));
    }
    release(stage);
    return behind;
  }

  private interface Work {
    Tensor run();
  }

  /// Without a graph; the result is kept.
  private static Tensor quietly(Work work) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      return Memory.kept(work.run());
    }
  }

  private void head(List<Tensor> streams, LabelledLoss loss) {
    long firstRow = 0;
    for (int i = 0; i < batches.size(); i++) {
      gradients.add(headGradient(batches.get(i), streams.get(i), loss, firstRow));
      firstRow += batches.get(i).rows();
    }
    release(model.head());
    tap.end(model.head());
  }

  private Tensor headGradient(Batch batch, Tensor stream, LabelledLoss loss, long firstRow) {
    try (PointerScope scope = new PointerScope()) {
      Tensor all = torch.empty_like(stream);
      long[] next = Losses.nextTokens(batch);
      for (int from = 0; from < batch.rows(); from += HEAD_ROWS) {
        int count = Math.min(HEAD_ROWS, batch.rows() - from);
        try (PointerScope inner = new PointerScope()) {
          long[] labels = Arrays.copyOfRange(next, from, from + count);
          Graph graph = new Graph(stream.narrow(0, from, count), model.head(), count);
          Tensor value = loss.of(graph.output, labels, firstRow + from);
          requireNumber(value.item_double());
          all.narrow(0, from, count).copy_(graph.backward(value, new TensorVector(), 1, count));
        }
      }
      return Memory.kept(all);
    }
  }

  private static void requireNumber(double loss) {
    if (!Double.isFinite(loss)) {
      throw new IllegalArgumentException(
          "the network's loss on this text is " + loss + ": it has no gradients");
    }
  }

  /// Runs blocks from … to − 1 again, then differentiates them from the last.
  private void backward(int from, int to) {
    List<List<Tensor>> streams = new ArrayList<>();
    streams.add(kept.removeLast());
    for (int block = from; block < to - 1; block++) {
      streams.add(through(block, streams.getLast()));
    }
    for (int block = to - 1; block >= from; block--) {
      List<Tensor> before = streams.removeLast();
      differentiate(model.blocks().get(block), before);
      free(before);
    }
  }

  private void differentiate(Stage block, List<Tensor> streams) {
    List<Tensor> before = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      Batch batch = batches.get(i);
      try (PointerScope scope = new PointerScope()) {
        Graph graph = new Graph(streams.get(i), block, batch.length());
        Tensor behind = gradients.get(i);
        before.add(
            Memory.kept(
                graph.backward(
                    graph.output, new TensorVector(behind), batch.sequences(), batch.length())));
        tap.release(activations(graph.output, batch.sequences(), batch.length()));
      }
    }
    free(gradients);
    gradients = before;
    release(block);
    tap.end(block);
  }

  /// One stage on one batch, with what its linear layers took and gave.
  private final class Graph {
    private final Tensor input;
    private final Tensor output;
    private final List<String> weights = new ArrayList<>();
    private final List<Tensor> inputs = new ArrayList<>();
    private final TensorVector watched = new TensorVector();

    Graph(Tensor stream, Stage stage, int length) {
      this.input = stream.detach().set_requires_grad(true);
      watched.push_back(input);
      this.output =
          engine.run(
              stage,
              input,
              length,
              (weight, x, y) -> {
                weights.add(weight);
                inputs.add(x);
                watched.push_back(y);
              });
    }

    /// Shows every layer to the tap and gives the gradient by the stage's input.
    Tensor backward(Tensor of, TensorVector seeds, int sequences, int length) {
      TensorVector found =
          torch.grad(new TensorVector(of), watched, seeds, new BoolOptional(false), false, false);
      Activations shared = null;
      for (int layer = 0; layer < weights.size(); layer++) {
        Tensor x = inputs.get(layer);
        boolean same = layer > 0 && x.equals(inputs.get(layer - 1));
        shared = same && shared != null ? shared : activations(x, sequences, length);
        tap.layer(weights.get(layer), shared, activations(found.get(layer + 1), sequences, length));
      }
      return found.get(0);
    }
  }

  private static Activations activations(Tensor rows, int sequences, int length) {
    return new Activations(sequences, length, Math.toIntExact(rows.size(1)), Memory.floats(rows));
  }

  /// Frees a stage's weights: one stage's are in memory at a time.
  private void release(Stage stage) {
    parameters.release(Model.linears(stage));
  }

  private static void free(List<Tensor> tensors) {
    tensors.forEach(Tensor::releaseReference);
    tensors.clear();
  }

  @Override
  public void close() {
    kept.forEach(BackwardPass::free);
    free(gradients);
  }
}
