package halftone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.tensor.Tensor;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LlamaArchitectureTest {
  private final TinyLlama tiny = TinyLlama.seeded(11);
  private final SequencedMap<String, GgufValue> keys = tiny.metadata();
  private final SequencedMap<String, Tensor> tensors = tiny.tensors();

  @Test
  void buildsEmbeddingBlocksAndHead() {
    List<Stage> stages = stages();
    assertThat(stages.stream().map(Stage::name))
        .containsExactly("embedding", "block 0", "block 1", "head");
    assertThat(Model.linears(stages.get(2)))
        .containsExactly(
            "blk.1.attn_q.weight",
            "blk.1.attn_k.weight",
            "blk.1.attn_v.weight",
            "blk.1.attn_output.weight",
            "blk.1.ffn_gate.weight",
            "blk.1.ffn_up.weight",
            "blk.1.ffn_down.weight");
    assertThat(operation(stages.get(1), "q_rope"))
        .isEqualTo(new Op.Rope(4, 16, 16, 10_000, false, RopeScaling.NONE));
    assertThat(operation(stages.get(1), "attention"))
        .isEqualTo(new Op.Attention(4, 2, 16, 0.25f, 0, 0));
    assertThat(operation(stages.get(1), "ffn_norm"))
        .isEqualTo(new Op.RmsNorm("blk.0.ffn_norm.weight", 1e-5f));
    assertThat(operation(stages.get(3), "logits"))
        .isEqualTo(new Op.Linear("token_embd.weight", null));
  }

  @Test
  void everyInputIsTheStagesOwnOrMadeBefore() {
    for (Stage stage : stages()) {
      Set<String> known = new HashSet<>(Set.of(Stage.HIDDEN));
      for (Node node : stage.nodes()) {
        assertThat(known).containsAll(node.inputs());
        assertThat(known.add(node.output())).isTrue();
      }
    }
  }

  @Test
  void usesOutputBiasesAndRopeFactorsWhereTheyExist() {
    add("output.weight", 64, TinyLlama.VOCABULARY);
    add("blk.0.attn_k.bias", 32);
    add("rope_freqs.weight", 8);
    List<Stage> stages = stages();
    assertThat(operation(stages.get(3), "logits")).isEqualTo(new Op.Linear("output.weight", null));
    assertThat(operation(stages.get(1), "k"))
        .isEqualTo(new Op.Linear("blk.0.attn_k.weight", "blk.0.attn_k.bias"));
    assertThat(operation(stages.get(1), "k_rope"))
        .isEqualTo(new Op.Rope(2, 16, 16, 10_000, false, scaling(1, "rope_freqs.weight")));
  }

  @Test
  void takesTheHeadSizeFromTheKeyLength() {
    keys.put("llama.attention.head_count", new GgufValue.I64(8));
    keys.put("llama.attention.head_count_kv", new GgufValue.U8(4));
    keys.put("llama.attention.key_length", new GgufValue.U16(8));
    keys.put("llama.rope.dimension_count", new GgufValue.I32(4));
    assertThat(operation(stages().get(1), "q_rope"))
        .isEqualTo(new Op.Rope(8, 8, 4, 10_000, false, RopeScaling.NONE));
  }

  @Test
  void refusesTensorsOfAnotherShape() {
    for (String name : List.copyOf(tiny.tensors().sequencedKeySet())) {
      if (!name.equals("token_embd.weight")) {
        Tensor right = tensors.get(name);
        add(name, 48);
        malformed("tensor " + name + ": found shape 48; the metadata demands");
        tensors.remove(name);
        malformed("tensor " + name + ": found no such tensor");
        tensors.put(name, right);
      }
    }
    add("token_embd.weight", 48, TinyLlama.VOCABULARY);
    malformed("tensor token_embd.weight: found shape 48×264");
  }

  @Test
  void refusesAVocabularyOfAnotherSize() {
    add("token_embd.weight", 64, 300);
    malformed("tokenizer.ggml.tokens: found 264 tokens for an embedding of 300 rows");
  }

  @Test
  void refusesSizesThatContradictEachOther() {
    key("llama.attention.head_count", 0, "it must be positive");
    key("llama.attention.head_count", 5, "it must divide the width");
    key("llama.attention.head_count_kv", 3, "it must divide the head count");
    key("llama.rope.dimension_count", 18, "at most the head size");
    key("llama.rope.dimension_count", 7, "it must be even");
    key("llama.block_count", 3, "tensor blk.2.attn_norm.weight: found no such tensor");
    keys.remove("llama.embedding_length");
    malformed("llama.embedding_length: found no such key");
  }

  @Test
  void saysWhatItDoesNotRun() {
    unsupported("llama.expert_count", new GgufValue.U32(8), "mixture of experts");
    unsupported("llama.attention.value_length", new GgufValue.U32(8), "values of 8");
    unsupported("llama.attention.causal", new GgufValue.Bool(false), "not causal");
    keys.put("llama.rope.scaling.factor", new GgufValue.F32(4));
    unsupported("llama.rope.scaling.type", new GgufValue.Text("yarn"), "scaled by 4.0 (yarn)");
    GgufValue perLayer = new GgufValue.Array(4, List.of(new GgufValue.U32(2)));
    unsupported("llama.attention.head_count_kv", perLayer, "differs from layer to layer");
    unsupported("llama.feed_forward_length", perLayer, "differs from layer to layer");
    add("blk.0.attn_q.scale", 1);
    assertThat(obstacle()).contains("tensor blk.0.attn_q.scale has no place");
  }

  @Test
  void dividesPositionsByALinearFactor() {
    keys.put("llama.rope.scale_linear", new GgufValue.F32(2));
    assertThat(operation(stages().get(1), "k_rope"))
        .isEqualTo(new Op.Rope(2, 16, 16, 10_000, false, scaling(0.5f, null)));
    keys.put("llama.rope.scaling.factor", new GgufValue.F32(4));
    assertThat(operation(stages().get(1), "k_rope"))
        .isEqualTo(new Op.Rope(2, 16, 16, 10_000, false, scaling(0.25f, null)));
  }

  private static RopeScaling scaling(float positions, @Nullable String factors) {
    return new RopeScaling(positions, 1, factors, null, Integer.MAX_VALUE);
  }

  @Test
  void ignoresScalingThatChangesNothing() {
    keys.put("llama.rope.scaling.factor", new GgufValue.F32(1));
    assertThat(stages()).hasSize(4);
    keys.put("llama.rope.scaling.type", new GgufValue.Text("none"));
    keys.put("llama.rope.scaling.factor", new GgufValue.F32(8));
    assertThat(stages()).hasSize(4);
  }

  @Test
  void unknownArchitecturesHaveNoStagesAndSayWhy() {
    keys.put("general.architecture", new GgufValue.Text("mamba"));
    assertThat(obstacle())
        .isEqualTo(
            "architecture 'mamba' cannot be run; known are: llama, qwen2, qwen3, gemma2, gemma3, phi3");
    assertThat(Architectures.obstacle(tiny.model())).isEmpty();
  }

  @Test
  void buildsSmolLm() throws IOException {
    try (GgufFile file =
        GgufReader.open(SharedFolder.file("models/SmolLM2-135M-Instruct.Q4_1.gguf"))) {
      Model model = ModelReader.read(file);
      assertThat(model.blocks()).hasSize(30);
      assertThat(operation(model.blocks().getFirst(), "attention"))
          .isEqualTo(new Op.Attention(9, 3, 64, 0.125f, 0, 0));
      assertThat(operation(model.head(), "logits"))
          .isEqualTo(new Op.Linear("token_embd.weight", null));
    }
  }

  private List<Stage> stages() {
    return new LlamaArchitecture().stages(new Metadata("tiny", keys), tensors);
  }

  private String obstacle() {
    return Architectures.obstacle(new Model(List.of(), tensors, keys)).orElseThrow();
  }

  private void add(String name, long... extents) {
    tensors.put(name, TinyLlama.gaussian(new Random(1), name, 0, 1, extents));
  }

  private void malformed(String message) {
    assertThatThrownBy(this::stages)
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining(message);
  }

  private void key(String key, int value, String message) {
    GgufValue right = keys.put(key, new GgufValue.U32(value));
    malformed(message);
    keys.put(key, right == null ? new GgufValue.U32(0) : right);
  }

  private void unsupported(String key, GgufValue value, String message) {
    GgufValue right = keys.put(key, value);
    assertThat(obstacle()).contains(message);
    if (right == null) {
      keys.remove(key);
    } else {
      keys.put(key, right);
    }
  }

  private static Op operation(Stage stage, String output) {
    return stage.nodes().stream()
        .filter(node -> node.output().equals(output))
        .findFirst()
        .orElseThrow()
        .op();
  }
}
