package halftone.app;

import halftone.model.GgufType;
import halftone.model.GgufValue;
import halftone.model.GgufWriter;
import halftone.model.TensorInfo;
import halftone.numeric.NumberFormats;
import halftone.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A llama of one block whose F16 weights are all zero, for a [Rehearsal]: it knows a few letters
/// and expects each as much as any other.
final class ToyModel {
  private static final int WIDTH = 256;
  private static final List<String> TOKENS = List.of("t", "h", "e", "i", "n", "Ġ", "th", "<|end|>");
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;

  private ToyModel() {}

  /// @return the file written
  static Path write(Path target) throws IOException {
    List<TensorInfo> tensors = tensors();
    try (Arena arena = Arena.ofConfined();
        GgufWriter writer = GgufWriter.create(target, metadata(), tensors, List.of())) {
      MemorySegment zeros = arena.allocate(WIDTH * WIDTH * 4L, 64);
      for (TensorInfo tensor : tensors) {
        writer.write(tensor.name(), zeros.asSlice(0, tensor.bytes()));
      }
      writer.commit();
    }
    return target;
  }

  private static SequencedMap<String, GgufValue> metadata() {
    SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", new GgufValue.Text("llama"));
    size(metadata, "llama.context_length", WIDTH);
    size(metadata, "llama.embedding_length", WIDTH);
    size(metadata, "llama.block_count", 1);
    size(metadata, "llama.feed_forward_length", WIDTH);
    size(metadata, "llama.attention.head_count", 4);
    size(metadata, "llama.attention.head_count_kv", 2);
    metadata.put("llama.attention.layer_norm_rms_epsilon", new GgufValue.F32(1e-5f));
    size(metadata, "llama.rope.dimension_count", WIDTH / 4);
    metadata.put("tokenizer.ggml.model", new GgufValue.Text("gpt2"));
    metadata.put("tokenizer.ggml.pre", new GgufValue.Text("smollm"));
    metadata.put("tokenizer.ggml.tokens", texts(TOKENS));
    List<GgufValue> types = new ArrayList<>();
    for (String token : TOKENS) {
      types.add(new GgufValue.I32(token.startsWith("<") ? CONTROL : NORMAL));
    }
    metadata.put("tokenizer.ggml.token_type", new GgufValue.Array(GgufType.INT32.id(), types));
    metadata.put("tokenizer.ggml.merges", texts(List.of("t h")));
    size(metadata, "tokenizer.ggml.bos_token_id", TOKENS.size() - 1);
    size(metadata, "tokenizer.ggml.eos_token_id", TOKENS.size() - 1);
    return metadata;
  }

  private static void size(SequencedMap<String, GgufValue> metadata, String key, int size) {
    metadata.put(key, new GgufValue.U32(size));
  }

  private static GgufValue texts(List<String> texts) {
    List<GgufValue> elements = new ArrayList<>();
    texts.forEach(text -> elements.add(new GgufValue.Text(text)));
    return new GgufValue.Array(GgufType.STRING.id(), elements);
  }

  private static List<TensorInfo> tensors() {
    List<TensorInfo> tensors = new ArrayList<>();
    tensors.add(matrix("token_embd.weight", TOKENS.size()));
    for (String norm : List.of("blk.0.attn_norm", "blk.0.ffn_norm", "output_norm")) {
      tensors.add(new TensorInfo(norm + ".weight", Shape.of(WIDTH), NumberFormats.named("F32")));
    }
    for (String layer : List.of("attn_q", "attn_output", "ffn_gate", "ffn_up", "ffn_down")) {
      tensors.add(matrix("blk.0." + layer + ".weight", WIDTH));
    }
    for (String layer : List.of("attn_k", "attn_v")) {
      tensors.add(matrix("blk.0." + layer + ".weight", WIDTH / 2));
    }
    return tensors;
  }

  private static TensorInfo matrix(String name, int outputs) {
    return new TensorInfo(name, Shape.of(WIDTH, outputs), NumberFormats.named("F16"));
  }
}
