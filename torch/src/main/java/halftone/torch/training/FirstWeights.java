package halftone.torch.training;

import halftone.model.GgufValue;
import halftone.model.Metadata;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.numeric.NumberFormat;
import halftone.numeric.NumberFormats;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.SequencedMap;

/// A network before its first step: metadata of a Llama-like model, and seeded weights.
///
/// Matrices are normal with deviation 0.02, those that add to the residual stream with 0.02 / √(2 ·
/// blocks), gains are 1 (Radford et al., "Language Models are Unsupervised Multitask Learners",
/// 2019).
final class FirstWeights {
  private static final double DEVIATION = 0.02;
  private static final float EPSILON = 1e-5f;
  private static final float ROPE_BASE = 10_000;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final NetworkSizes sizes;
  private final Random random;
  private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();

  private FirstWeights(NetworkSizes sizes, long seed) {
    this.sizes = sizes;
    this.random = new Random(seed);
  }

  /// @param tokenizer its `tokenizer.ggml.*` keys
  static Model model(NetworkSizes sizes, SequencedMap<String, GgufValue> tokenizer, long seed) {
    SequencedMap<String, GgufValue> metadata = metadata(sizes);
    metadata.putAll(tokenizer);
    SequencedMap<String, Tensor> tensors = new FirstWeights(sizes, seed).tensors();
    return ModelReader.read(new Metadata("the new model", metadata), tensors);
  }

  private static SequencedMap<String, GgufValue> metadata(NetworkSizes sizes) {
    SequencedMap<String, GgufValue> keys = new LinkedHashMap<>();
    keys.put("general.architecture", new GgufValue.Text("llama"));
    keys.put("general.type", new GgufValue.Text("model"));
    size(keys, "llama.vocab_size", sizes.vocabulary());
    size(keys, "llama.context_length", sizes.context());
    size(keys, "llama.embedding_length", sizes.width());
    size(keys, "llama.block_count", sizes.blocks());
    size(keys, "llama.feed_forward_length", sizes.feedForward());
    size(keys, "llama.attention.head_count", sizes.heads());
    size(keys, "llama.attention.head_count_kv", sizes.keyValueHeads());
    keys.put("llama.attention.layer_norm_rms_epsilon", new GgufValue.F32(EPSILON));
    size(keys, "llama.rope.dimension_count", sizes.headSize());
    keys.put("llama.rope.freq_base", new GgufValue.F32(ROPE_BASE));
    return keys;
  }

  private static void size(SequencedMap<String, GgufValue> keys, String key, int size) {
    keys.put(key, new GgufValue.U32(size));
  }

  private SequencedMap<String, Tensor> tensors() {
    int width = sizes.width();
    int keys = sizes.keyValueHeads() * sizes.headSize();
    double writer = DEVIATION / Math.sqrt(2.0 * sizes.blocks());
    matrix("token_embd.weight", DEVIATION, width, sizes.vocabulary());
    for (int i = 0; i < sizes.blocks(); i++) {
      String block = "blk." + i + ".";
      gain(block + "attn_norm.weight");
      matrix(block + "attn_q.weight", DEVIATION, width, width);
      matrix(block + "attn_k.weight", DEVIATION, width, keys);
      matrix(block + "attn_v.weight", DEVIATION, width, keys);
      matrix(block + "attn_output.weight", writer, width, width);
      gain(block + "ffn_norm.weight");
      matrix(block + "ffn_gate.weight", DEVIATION, width, sizes.feedForward());
      matrix(block + "ffn_up.weight", DEVIATION, width, sizes.feedForward());
      matrix(block + "ffn_down.weight", writer, sizes.feedForward(), width);
    }
    gain("output_norm.weight");
    return tensors;
  }

  private void gain(String name) {
    MemorySegment values = add(name, Shape.of(sizes.width()));
    for (long i = 0; i < sizes.width(); i++) {
      values.setAtIndex(FLOAT, i, 1);
    }
  }

  private void matrix(String name, double deviation, long inputs, long outputs) {
    MemorySegment values = add(name, Shape.of(inputs, outputs));
    for (long i = 0; i < inputs * outputs; i++) {
      values.setAtIndex(FLOAT, i, (float) (deviation * random.nextGaussian()));
    }
  }

  private MemorySegment add(String name, Shape shape) {
    NumberFormat f32 = NumberFormats.named("F32");
    MemorySegment bytes = Arena.ofAuto().allocate(Tensor.bytesOf(shape, f32), 64);
    tensors.put(name, new Tensor(name, shape, f32, bytes));
    return bytes;
  }
}
