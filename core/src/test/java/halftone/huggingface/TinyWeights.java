package halftone.huggingface;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;

/// Draws the weights of a [TinyFolder].
final class TinyWeights {
  private final TinyFolder tiny;
  private final Random random;
  private final SequencedMap<String, TinyFolder.Values> weights = new LinkedHashMap<>();

  TinyWeights(TinyFolder tiny, Random random) {
    this.tiny = tiny;
    this.random = random;
  }

  SequencedMap<String, TinyFolder.Values> all() {
    add("model.embed_tokens.weight", 0, 0.5, halftone.model.TinyLlama.VOCABULARY, TinyFolder.WIDTH);
    for (int i = 0; i < tiny.blocks(); i++) {
      block("model.layers." + i + ".");
    }
    gain("model.norm", TinyFolder.WIDTH, 1);
    if (!tiny.isTied()) {
      matrix("lm_head", halftone.model.TinyLlama.VOCABULARY, TinyFolder.WIDTH);
    }
    return weights;
  }

  private void block(String prefix) {
    int queries = TinyFolder.HEADS * tiny.headSize();
    int keys = TinyFolder.KEY_VALUE_HEADS * tiny.headSize();
    gain(prefix + "input_layernorm", TinyFolder.WIDTH, 1);
    if (tiny.family().equals("phi3")) {
      matrix(prefix + "self_attn.qkv_proj", queries + 2 * keys, TinyFolder.WIDTH);
    } else {
      projection(prefix + "self_attn.q_proj", queries);
      projection(prefix + "self_attn.k_proj", keys);
      projection(prefix + "self_attn.v_proj", keys);
    }
    if (tiny.family().equals("qwen3") || tiny.family().equals("gemma3")) {
      gain(prefix + "self_attn.q_norm", tiny.headSize(), 1);
      gain(prefix + "self_attn.k_norm", tiny.headSize(), 1);
    }
    matrix(prefix + "self_attn.o_proj", TinyFolder.WIDTH, queries);
    // A Gemma's second norm is behind the layer: updates are small beside the stream.
    gain(prefix + "post_attention_layernorm", TinyFolder.WIDTH, tiny.isGemma() ? 0.3 : 1);
    if (tiny.isGemma()) {
      gain(prefix + "pre_feedforward_layernorm", TinyFolder.WIDTH, 1);
      gain(prefix + "post_feedforward_layernorm", TinyFolder.WIDTH, 0.3);
    }
    feedForward(prefix);
  }

  private void feedForward(String prefix) {
    if (tiny.family().equals("phi3")) {
      matrix(prefix + "mlp.gate_up_proj", 2 * TinyFolder.FEED_FORWARD, TinyFolder.WIDTH);
    } else {
      matrix(prefix + "mlp.gate_proj", TinyFolder.FEED_FORWARD, TinyFolder.WIDTH);
      matrix(prefix + "mlp.up_proj", TinyFolder.FEED_FORWARD, TinyFolder.WIDTH);
    }
    matrix(prefix + "mlp.down_proj", TinyFolder.WIDTH, TinyFolder.FEED_FORWARD);
  }

  /// Llama's and Qwen2's have biases.
  private void projection(String name, int outputs) {
    matrix(name, outputs, TinyFolder.WIDTH);
    if (tiny.family().equals("llama") || tiny.family().equals("qwen2")) {
      add(name + ".bias", 0, 1, outputs);
    }
  }

  /// Gemma stores the difference from 1.
  private void gain(String name, int length, double mean) {
    add(name + ".weight", tiny.isGemma() ? mean - 1 : mean, 0.1, length);
  }

  private void matrix(String name, int outputs, int inputs) {
    add(name + ".weight", 0, 1 / Math.sqrt(inputs), outputs, inputs);
  }

  private void add(String name, double mean, double deviation, long... extents) {
    int count = (int) Arrays.stream(extents).reduce(1, (a, b) -> a * b);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = exact((float) (mean + deviation * random.nextGaussian()));
    }
    List<Long> shape = Arrays.stream(extents).boxed().toList();
    weights.put(name, new TinyFolder.Values(shape, values));
  }

  private float exact(float value) {
    return switch (tiny.type()) {
      case "F16" -> Float.float16ToFloat(Float.floatToFloat16(value));
      case "BF16" -> Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xFFFF0000);
      default -> value;
    };
  }
}
