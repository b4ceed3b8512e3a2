package halftone.preset;

import halftone.model.Metadata;
import halftone.model.TensorInfo;
import java.util.List;

/// What the mixtures want to know about a network.
///
/// @param queriesPerKey query heads that share a key-value head; 0 without attention
/// @param values tensors of class [TensorClass#VALUE]
/// @param tied whether the output product uses the embedding
record NetworkSizes(
    String architecture, int layers, int queriesPerKey, int experts, int values, boolean tied) {
  private static final int LAYERS_OF_THE_70B = 80;

  static NetworkSizes of(List<TensorInfo> tensors, Metadata metadata) {
    String architecture = metadata.requireText("general.architecture");
    int heads = first(metadata, architecture + ".attention.head_count", 0);
    int keyHeads = first(metadata, architecture + ".attention.head_count_kv", heads);
    return new NetworkSizes(
        architecture,
        metadata.intOr(architecture + ".block_count", 0),
        keyHeads == 0 ? 0 : heads / keyHeads,
        metadata.intOr(architecture + ".expert_count", 0),
        (int) tensors.stream().filter(NetworkSizes::isValue).count(),
        tensors.stream().noneMatch(tensor -> tensor.name().equals("output.weight")));
  }

  private static boolean isValue(TensorInfo tensor) {
    return TensorClass.of(tensor.name()) == TensorClass.VALUE;
  }

  /// A count that may differ from layer to layer: the first layer's, as llama.cpp takes it.
  private static int first(Metadata metadata, String key, int absent) {
    if (!metadata.isArray(key)) {
      return metadata.intOr(key, absent);
    }
    int[] each = metadata.ints(key);
    return each.length == 0 ? absent : each[0];
  }

  boolean groupedQueries() {
    return queriesPerKey >= 4;
  }

  boolean eightExperts() {
    return experts == 8;
  }

  /// The shape of Llama 2 70B, whose attn_v is an eighth of attn_q.
  boolean is70B() {
    return layers == LAYERS_OF_THE_70B && queriesPerKey > 1;
  }

  boolean falcon() {
    return architecture.equals("falcon");
  }
}
