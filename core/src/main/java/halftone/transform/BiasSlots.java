package halftone.transform;

import halftone.method.Card;
import halftone.method.Need;
import halftone.model.Metadata;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/// Gives every linear layer of the blocks a bias of zeros, which computes the same; when the
/// weights have been rounded it takes up what that changed in the layer's mean outputs (bias
/// correction: Nagel et al., arXiv 1906.04721; Brevitas, arXiv 2311.12359). Its bytes count.
///
/// Only Llama's blocks have places for biases that other programs read.
public record BiasSlots() implements Transform {
  private static final String ARCHITECTURE = "llama";

  @Override
  public String spelled() {
    return "bias-correction";
  }

  @Override
  public Card card() {
    return new Card(
        "bias-correction",
        "biases that take up the mean rounding error",
        "arXiv 1906.04721, 2311.12359",
        Set.of(Need.CALIBRATION_TEXT));
  }

  /// @throws IllegalArgumentException for another architecture than Llama's
  @Override
  public double[] measure(Model model, int[][] tokens, Workers workers) {
    String architecture =
        new Metadata("model", model.metadata()).requireText("general.architecture");
    if (!architecture.equals(ARCHITECTURE)) {
      throw new IllegalArgumentException(
          "only blocks of Llama's architecture have biases that other programs read, not %s's"
              .formatted(architecture));
    }
    return new double[0];
  }

  @Override
  public Model apply(Model model, double[] measured) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>(model.tensors());
    for (Stage block : model.blocks()) {
      for (Node node : block.nodes()) {
        if (node.op() instanceof Op.Linear linear && linear.bias() == null) {
          Tensor weight = Objects.requireNonNull(model.tensors().get(linear.weight()));
          int rows = Math.toIntExact(weight.shape().rows());
          String name = linear.weight().replaceAll("weight$", "bias");
          tensors.put(name, Tensor.ofFloats(name, Shape.of(rows), new float[rows]));
        }
      }
    }
    return ModelReader.read(new Metadata("model with biases", model.metadata()), tensors);
  }
}
