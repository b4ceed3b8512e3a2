package halftone.speed;

import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.tensor.Tensor;
import java.util.List;

/// What a model asks of a machine.
///
/// @param blockProducts products of weights and inputs for a token, without the head's
/// @param headProducts those of the head
/// @param attentionProducts products of a token with one position before it, in all layers
/// @param weightBytes of weights that a token reads, as they lie in the file
public record Workload(
    long blockProducts, long headProducts, long attentionProducts, long weightBytes) {
  /// Of a model that can be run.
  public static Workload of(Model model) {
    long block = 0;
    long attention = 0;
    for (Stage stage : model.blocks()) {
      block += weights(model, stage).stream().mapToLong(Workload::elements).sum();
      for (Node node : stage.nodes()) {
        if (node.op() instanceof Op.Attention op) {
          attention += 2L * op.heads() * op.headSize();
        }
      }
    }
    List<Tensor> head = weights(model, model.head());
    long bytes = head.stream().mapToLong(Tensor::byteSize).sum();
    for (Stage stage : model.blocks()) {
      bytes += weights(model, stage).stream().mapToLong(Tensor::byteSize).sum();
    }
    return new Workload(block, head.stream().mapToLong(Workload::elements).sum(), attention, bytes);
  }

  static List<Tensor> weights(Model model, Stage stage) {
    return stage.nodes().stream()
        .filter(node -> node.op() instanceof Op.Linear)
        .map(node -> model.tensors().get(((Op.Linear) node.op()).weight()))
        .toList();
  }

  private static long elements(Tensor weight) {
    return weight.shape().elements();
  }

  /// Products of a prompt that is read at once, of which only the last token meets the head.
  public double prefillProducts(int tokens) {
    double pairs = tokens * (tokens + 1.0) / 2;
    return (double) tokens * blockProducts + headProducts + pairs * attentionProducts;
  }
}
