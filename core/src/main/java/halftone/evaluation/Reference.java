package halftone.evaluation;

import halftone.model.Model;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.Tap;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A network run once over a text, remembered for comparing others with it.
///
/// It keeps the residual stream at the end of the last block for the scored positions, not the
/// logits: 24 chunks of 512 at a width of 768 take 19 MB where the logits would take 1.2 GB; a
/// comparison computes them again. At chosen blocks it also keeps the residual stream of all
/// positions on entry (38 MB each in the same example), so that a candidate that differs only from
/// there on need not run what comes before.
public final class Reference {
  /// Chunks that run together.
  static final int CHUNKS_PER_BATCH = 4;

  private final Model model;
  private final Arithmetic arithmetic;
  private final ScoredText text;
  private final List<Batch> batches;

  private Reference(Model model, Arithmetic arithmetic, ScoredText text, List<Batch> batches) {
    this.model = model;
    this.arithmetic = arithmetic;
    this.text = text;
    this.batches = batches;
  }

  /// Some chunks of the text.
  ///
  /// @param firstChunk index of the first in the text
  /// @param entries residual stream of all positions on entry to the blocks of these indices
  /// @param last residual stream of the scored positions behind the last block
  record Batch(
      int firstChunk, int[][] tokens, TreeMap<Integer, Activations> entries, Activations last) {}

  /// Runs `model` over the text.
  ///
  /// @param entries indices of the blocks before which the residual stream is kept
  public static Reference measure(
      Model model,
      Arithmetic arithmetic,
      ScoredText text,
      SortedSet<Integer> entries,
      Workers workers) {
    Engine engine = new Engine(model, arithmetic, workers);
    List<Batch> batches = new ArrayList<>();
    for (int chunk = 0; chunk < text.chunks(); chunk += CHUNKS_PER_BATCH) {
      int end = Math.min(text.chunks(), chunk + CHUNKS_PER_BATCH);
      int[][] tokens = java.util.Arrays.copyOfRange(text.inputs(), chunk, end);
      batches.add(batch(model, engine, text, chunk, tokens, new TreeSet<>(entries)));
    }
    return new Reference(model, arithmetic, text, List.copyOf(batches));
  }

  private static Batch batch(
      Model model,
      Engine engine,
      ScoredText text,
      int chunk,
      int[][] tokens,
      SortedSet<Integer> wanted) {
    TreeMap<Integer, Activations> entries = new TreeMap<>();
    Activations hidden = engine.embed(tokens);
    List<Stage> blocks = model.blocks();
    for (int block = 0; block < blocks.size(); block++) {
      if (wanted.contains(block)) {
        entries.put(block, hidden);
      }
      hidden = engine.run(blocks.get(block), hidden, Tap.NONE);
    }
    return new Batch(chunk, tokens, entries, scored(hidden, text));
  }

  private static Activations scored(Activations hidden, ScoredText text) {
    int width = hidden.width();
    int kept = text.scoredPerChunk();
    float[] values = new float[hidden.sequences() * kept * width];
    for (int s = 0; s < hidden.sequences(); s++) {
      int from = (s * hidden.length() + text.firstScored()) * width;
      System.arraycopy(hidden.values(), from, values, s * kept * width, kept * width);
    }
    return new Activations(hidden.sequences(), kept, width, values);
  }

  /// The latest kept residual stream from which a candidate that equals the reference before block
  /// `firstChanged` can start; none when it must start from the tokens.
  static Map.Entry<Integer, Activations> nearest(Batch batch, int firstChanged) {
    return batch.entries().floorEntry(firstChanged);
  }

  /// Number of logits a position.
  static int vocabulary(Model model) {
    String output =
        model.head().nodes().stream()
            .map(node -> node.op() instanceof Op.Linear linear ? linear.weight() : "")
            .filter(name -> !name.isEmpty())
            .reduce((first, second) -> second)
            .orElseThrow(
                () -> new IllegalArgumentException("the model's head has no output layer"));
    Tensor weights =
        Objects.requireNonNull(
            model.tensors().get(output), () -> "the model has no tensor " + output);
    return Math.toIntExact(weights.shape().rows());
  }

  public Model model() {
    return model;
  }

  public Arithmetic arithmetic() {
    return arithmetic;
  }

  public ScoredText text() {
    return text;
  }

  List<Batch> batches() {
    return batches;
  }
}
