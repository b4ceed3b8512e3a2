package halftone.model;

import halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;

/// A small seeded F32 network of any architecture that can be run, with the vocabulary of
/// [TinyLlama]: grouped heads, a head size unlike width / heads where the family allows it, windows
/// shorter than a test's text. The real llama.cpp loads it too.
///
/// @param headSize length of a query, key or value
public record TinyDecoder(String architecture, int blocks, int headSize, long seed) {
  private static final int WIDTH = 64;
  private static final int HEADS = 4;
  private static final int KEY_VALUE_HEADS = 2;
  private static final int FEED_FORWARD = 192;

  /// Positions that a windowed block sees.
  public static final int WINDOW = 24;

  /// One of every architecture.
  public static final List<TinyDecoder> ALL =
      List.of(
          new TinyDecoder("llama", 2, 16, 1),
          new TinyDecoder("qwen2", 2, 16, 2),
          new TinyDecoder("qwen3", 2, 24, 3),
          new TinyDecoder("gemma2", 3, 24, 4),
          new TinyDecoder("gemma3", 7, 24, 5),
          new TinyDecoder("phi3", 2, 16, 6));

  /// In memory.
  public Model model() {
    Metadata metadata = new Metadata("tiny " + architecture, metadata());
    SequencedMap<String, Tensor> tensors = tensors();
    List<Stage> stages = Architectures.of(metadata).stages(metadata, tensors);
    return new Model(stages, tensors, metadata.values());
  }

  /// As a file.
  public Path write(Path target) throws IOException {
    return TinyLlama.write(target, metadata(), tensors());
  }

  /// A fresh map, to be changed freely.
  public SequencedMap<String, GgufValue> metadata() {
    SequencedMap<String, GgufValue> metadata = TinyLlama.seeded(seed).metadata();
    metadata.keySet().removeIf(key -> key.startsWith("llama."));
    metadata.put("general.architecture", new GgufValue.Text(architecture));
    size(metadata, "context_length", 512);
    size(metadata, "embedding_length", WIDTH);
    size(metadata, "block_count", blocks);
    size(metadata, "feed_forward_length", FEED_FORWARD);
    size(metadata, "attention.head_count", HEADS);
    size(metadata, "attention.head_count_kv", KEY_VALUE_HEADS);
    size(metadata, "attention.key_length", headSize);
    size(metadata, "attention.value_length", headSize);
    size(metadata, "rope.dimension_count", headSize);
    number(metadata, "attention.layer_norm_rms_epsilon", 1e-5f);
    number(metadata, "rope.freq_base", 20_000);
    special(metadata);
    return metadata;
  }

  private void special(SequencedMap<String, GgufValue> metadata) {
    switch (architecture) {
      case "gemma2" -> {
        size(metadata, "attention.sliding_window", WINDOW);
        number(metadata, "attn_logit_softcapping", 2);
        number(metadata, "final_logit_softcapping", 3);
      }
      case "gemma3" -> {
        size(metadata, "attention.sliding_window", WINDOW);
        metadata.put(architecture + ".rope.scaling.type", new GgufValue.Text("linear"));
        number(metadata, "rope.scaling.factor", 8);
      }
      case "phi3" -> {
        size(metadata, "rope.scaling.original_context_length", 256);
        number(metadata, "rope.scaling.attn_factor", 1.1f);
        size(metadata, "attention.sliding_window", WINDOW);
      }
      default -> {}
    }
  }

  private void size(SequencedMap<String, GgufValue> metadata, String key, int size) {
    metadata.put(architecture + "." + key, new GgufValue.U32(size));
  }

  private void number(SequencedMap<String, GgufValue> metadata, String key, float number) {
    metadata.put(architecture + "." + key, new GgufValue.F32(number));
  }

  /// A fresh map, to be changed freely.
  public SequencedMap<String, Tensor> tensors() {
    return new Weights(new Random(seed), new java.util.LinkedHashMap<>()).all(this);
  }

  /// Draws tensors one after the other.
  private record Weights(Random random, SequencedMap<String, Tensor> tensors) {
    SequencedMap<String, Tensor> all(TinyDecoder tiny) {
      add("token_embd.weight", 0, 0.5, WIDTH, TinyLlama.VOCABULARY);
      switch (tiny.architecture) {
        case "llama" -> add("rope_freqs.weight", 4, 1, tiny.headSize / 2);
        case "phi3" -> {
          add("rope_factors_short.weight", 1.5, 0.1, tiny.headSize / 2);
          add("rope_factors_long.weight", 4, 1, tiny.headSize / 2);
        }
        default -> {}
      }
      for (int i = 0; i < tiny.blocks; i++) {
        block("blk." + i + ".", tiny);
      }
      gain("output_norm", WIDTH);
      if (tiny.architecture.equals("phi3")) {
        matrix("output", WIDTH, TinyLlama.VOCABULARY);
      }
      return tensors;
    }

    private void block(String prefix, TinyDecoder tiny) {
      int queries = HEADS * tiny.headSize;
      int keys = KEY_VALUE_HEADS * tiny.headSize;
      boolean gemma = tiny.architecture.startsWith("gemma");
      gain(prefix + "attn_norm", WIDTH);
      if (tiny.architecture.equals("phi3")) {
        matrix(prefix + "attn_qkv", WIDTH, queries + 2 * keys);
      } else {
        projection(prefix + "attn_q", queries, tiny);
        projection(prefix + "attn_k", keys, tiny);
        projection(prefix + "attn_v", keys, tiny);
      }
      if (tiny.architecture.equals("qwen3") || tiny.architecture.equals("gemma3")) {
        gain(prefix + "attn_q_norm", tiny.headSize);
        gain(prefix + "attn_k_norm", tiny.headSize);
      }
      matrix(prefix + "attn_output", queries, WIDTH);
      if (gemma) {
        updateGain(prefix + "post_attention_norm");
      }
      feedForward(prefix, tiny);
      if (gemma) {
        updateGain(prefix + "post_ffw_norm");
      }
    }

    private void projection(String name, int outputs, TinyDecoder tiny) {
      matrix(name, WIDTH, outputs);
      if (tiny.architecture.equals("qwen2")) {
        add(name + ".bias", 0, 1, outputs);
      }
    }

    private void feedForward(String prefix, TinyDecoder tiny) {
      gain(prefix + "ffn_norm", WIDTH);
      if (tiny.architecture.equals("phi3")) {
        matrix(prefix + "ffn_up", WIDTH, 2L * FEED_FORWARD);
      } else {
        matrix(prefix + "ffn_gate", WIDTH, FEED_FORWARD);
        matrix(prefix + "ffn_up", WIDTH, FEED_FORWARD);
      }
      matrix(prefix + "ffn_down", FEED_FORWARD, WIDTH);
    }

    private void gain(String name, int width) {
      add(name + ".weight", 1, 0.1, width);
    }

    /// Of a norm behind a layer: updates are small beside the stream, as in trained networks.
    private void updateGain(String name) {
      add(name + ".weight", 0.3, 0.1, WIDTH);
    }

    private void matrix(String name, long inputs, long outputs) {
      add(name + ".weight", 0, 1 / Math.sqrt(inputs), inputs, outputs);
    }

    private void add(String name, double mean, double deviation, long... extents) {
      tensors.put(name, TinyLlama.gaussian(random, name, mean, deviation, extents));
    }
  }
}
