package halftone.huggingface;

import halftone.model.UnsupportedModelException;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// What the Gemma generations share: gains stored as differences from 1, and norms on both sides of
/// every layer.
abstract class GemmaFamily extends DecoderFamily {
  private static final Map<String, String> PARTS =
      partsWith(
          Map.of(
              "post_attention_layernorm", "post_attention_norm",
              "pre_feedforward_layernorm", "ffn_norm",
              "post_feedforward_layernorm", "post_ffw_norm"));

  @Override
  public Map<String, String> parts() {
    return PARTS;
  }

  @Override
  public Change change(String name, Config config) {
    return name.endsWith("norm.weight") ? new Change.PlusOne() : new Change.Keep();
  }

  /// GGUF does not say what scores are divided by: loaders take the root of the head size, and for
  /// the largest model of a generation, known by its blocks, that of width / heads.
  ///
  /// @throws UnsupportedModelException when the checkpoint wants something else
  static void requireScoreScale(Config config, int heads, int headSize, int blocksOfLargest) {
    int divisor =
        config.blocks() == blocksOfLargest ? config.width() / Math.max(1, heads) : headSize;
    double wanted = config.json().realOr("query_pre_attn_scalar", divisor);
    if (wanted != divisor) {
      throw unsupported(config, "query_pre_attn_scalar " + wanted + " instead of " + divisor);
    }
  }

  /// @param windowed whether loaders let a block of this index see a window only
  /// @throws UnsupportedModelException when the checkpoint has its windows elsewhere
  static void requireWindows(Config config, IntPredicate windowed) {
    List<@Nullable Object> types = config.json().list("layer_types");
    for (int i = 0; i < types.size(); i++) {
      String wanted = windowed.test(i) ? "sliding_attention" : "full_attention";
      if (!wanted.equals(types.get(i))) {
        throw unsupported(config, "layer_types[" + i + "] " + types.get(i));
      }
    }
  }
}
