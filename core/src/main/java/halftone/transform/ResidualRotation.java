package halftone.transform;

import halftone.method.Card;
import halftone.model.Metadata;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.tensor.ComputedRows;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;

/// Rotates the whole residual stream by a Hadamard matrix with random signs (R1 of QuaRot, arXiv
/// 2404.00456, and SpinQuant): gains of norms move into the weights behind them, then everything
/// that writes into the stream writes rotated, everything that reads it reads rotated. RMS norms
/// without gains do not notice.
///
/// A network whose output product shares the embedding's weight gets one of its own, as the last
/// gain fits only one of the two: such a file is larger by that tensor, and the table says so.
///
/// @param seed of the signs
public record ResidualRotation(long seed) implements Transform {
  private static final String OUTPUT = "output.weight";

  public ResidualRotation() {
    this(0);
  }

  @Override
  public String spelled() {
    return "hadamard-rotations:seed=" + seed;
  }

  @Override
  public Card card() {
    return new Card(
        "hadamard-rotations",
        "Hadamard rotation of the residual stream",
        "arXiv 2404.00456 (R1)",
        Set.of());
  }

  /// @throws IllegalArgumentException where something other than a linear layer writes into the
  ///   stream, as Gemma's norms behind each layer do
  @Override
  public double[] measure(Model model, int[][] tokens, Workers workers) {
    model.blocks().forEach(ResidualRotation::requireLinearWriters);
    model.stages().forEach(ResidualRotation::requireLinearReaders);
    return new double[0];
  }

  private static void requireLinearReaders(Stage stage) {
    for (Node node : stage.nodes()) {
      for (Node norm : stage.nodes()) {
        boolean reads = norm.op() instanceof Op.RmsNorm && node.inputs().contains(norm.output());
        boolean ofHeads = node.op() instanceof Op.Rope;
        if (reads && !ofHeads && !(node.op() instanceof Op.Linear)) {
          throw refused(stage, node, "reads a norm");
        }
      }
    }
  }

  private static IllegalArgumentException refused(Stage stage, Node node, String what) {
    return new IllegalArgumentException(
        "the residual stream cannot be rotated: in %s a %s %s, and the norm's gain fits no rotation"
            .formatted(stage.name(), node.op().getClass().getSimpleName(), what));
  }

  private static void requireLinearWriters(Stage block) {
    Map<String, Node> makers = new HashMap<>();
    block.nodes().forEach(node -> makers.put(node.output(), node));
    for (Node node : block.nodes()) {
      if (node.op() instanceof Op.Add) {
        for (String input : node.inputs()) {
          Node maker = makers.get(input);
          if (maker != null
              && !(maker.op() instanceof Op.Add)
              && !(maker.op() instanceof Op.Linear)) {
            throw refused(block, maker, "writes into it");
          }
        }
      }
    }
  }

  @Override
  public Model apply(Model model, double[] measured) {
    Rotated rotated = new Rotated(model, seed);
    rotated.table();
    model.blocks().forEach(rotated::block);
    rotated.head();
    return ModelReader.read(new Metadata("rotated model", model.metadata()), rotated.tensors);
  }

  /// The rewrite while it is made.
  private static final class Rotated {
    private final Model model;
    private final Hadamard matrix;
    private final float[] signs;
    private final SequencedMap<String, Tensor> tensors;

    Rotated(Model model, long seed) {
      this.model = model;
      this.tensors = new LinkedHashMap<>(model.tensors());
      int width = tensor(embedding(model)).shape().columns();
      this.matrix = Hadamard.of(width);
      this.signs = new float[width];
      Random random = new Random(seed);
      for (int j = 0; j < width; j++) {
        signs[j] = random.nextBoolean() ? 1 : -1;
      }
    }

    private static String embedding(Model model) {
      return model.embedding().nodes().getFirst().op() instanceof Op.Embedding table
          ? table.table()
          : "";
    }

    void table() {
      String name = embedding(model);
      put(name, new MixedColumns(new ScaledWeight(tensor(name), null, signs), matrix));
    }

    void block(Stage block) {
      readers(block);
      for (String writer : Model.residualWriters(block)) {
        ScaledWeight signed = new ScaledWeight(tensors(writer), signs, null);
        put(writer, new MixedRows(signed, matrix, 0, matrix.size()));
        bias(block, writer);
      }
    }

    private void bias(Stage block, String writer) {
      for (Node node : block.nodes()) {
        if (node.op() instanceof Op.Linear linear
            && linear.weight().equals(writer)
            && linear.bias() != null) {
          ScaledWeight signed = new ScaledWeight(tensor(linear.bias()), null, signs);
          put(linear.bias(), new MixedColumns(signed, matrix));
        }
      }
    }

    /// Gains of the norms into the columns behind them, then the rotation.
    private void readers(Stage stage) {
      for (Node node : stage.nodes()) {
        if (node.op() instanceof Op.RmsNorm norm
            && tensor(norm.gain()).shape().columns() == matrix.size()) {
          float[] gain = new float[matrix.size()];
          tensor(norm.gain()).rows(0, 1, gain, 0);
          float[] ones = new float[gain.length];
          Arrays.fill(ones, 1);
          put(norm.gain(), new Constant(tensor(norm.gain()).shape(), ones));
          for (int j = 0; j < gain.length; j++) {
            gain[j] *= signs[j];
          }
          for (Node reader : stage.nodes()) {
            if (reader.inputs().contains(node.output()) && reader.op() instanceof Op.Linear layer) {
              ScaledWeight scaled = new ScaledWeight(tensor(layer.weight()), null, gain);
              put(untied(layer.weight()), new MixedColumns(scaled, matrix));
            }
          }
        }
      }
    }

    void head() {
      readers(model.head());
    }

    /// The name of a weight that may be changed without changing the embedding.
    private String untied(String weight) {
      return weight.equals(embedding(model)) ? OUTPUT : weight;
    }

    private void put(String name, Weight weight) {
      tensors.put(name, ComputedRows.tensor(name, weight));
    }

    private Tensor tensor(String name) {
      return Objects.requireNonNull(model.tensors().get(name), name);
    }

    private Tensor tensors(String name) {
      return Objects.requireNonNull(tensors.get(name), name);
    }
  }

  /// A vector that is the same for every network.
  private record Constant(halftone.tensor.Shape shape, float[] values) implements Weight {
    @Override
    public void rows(long from, int count, float[] out, int at) {
      System.arraycopy(values, 0, out, at, values.length);
    }
  }
}
