package halftone.huggingface;

import halftone.model.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A model's `config.json`: its sizes under the names most families share.
///
/// @param json the file, with what a `text_config` says of the language model laid over it
/// @param classes the file's `architectures`
record Config(JsonObject json, List<String> classes) {
  /// Checkpoints whose weights are plain numbers with scales.
  private static final Set<String> PLAIN =
      Set.of("fp8", "fbgemm_fp8", "compressed-tensors", "modelopt");

  /// Checkpoints whose weights are packed in a way that is read.
  private static final Set<String> PACKED = Set.of("gptq", "awq");

  private static final int LARGEST_HEAD = 1 << 16;
  private static final String HEADS = "num_attention_heads";

  static Config read(Path file) throws IOException {
    return of(JsonObject.read(file));
  }

  static Config of(JsonObject whole) {
    List<String> classes = whole.list("architectures").stream().map(String::valueOf).toList();
    LinkedHashMap<String, @Nullable Object> values = new LinkedHashMap<>(whole.values());
    whole.object("text_config").ifPresent(text -> values.putAll(text.values()));
    Config config = new Config(new JsonObject(whole.file(), "", values), classes);
    config.requireReadableWeights();
    return config;
  }

  private void requireReadableWeights() {
    quantization()
        .flatMap(quantization -> quantization.text("quant_method"))
        .filter(method -> !PLAIN.contains(method) && !PACKED.contains(method))
        .ifPresent(
            method -> {
              throw new UnsupportedModelException(
                  json.file()
                      + ": weights quantized by '"
                      + method
                      + "' are not read; take the model they were made from");
            });
  }

  private Optional<JsonObject> quantization() {
    return json.object("quantization_config");
  }

  /// How weights are packed, if they are.
  Optional<Packing> packing() {
    return quantization()
        .filter(each -> each.text("quant_method").map(PACKED::contains).orElse(false))
        .map(Packing::of);
  }

  /// Rows and columns that share a scale of an FP8 weight.
  List<Long> scaleBlock() {
    List<@Nullable Object> block =
        quantization().map(q -> q.list("weight_block_size")).orElse(List.of());
    if (block.isEmpty()) {
      return List.of(128L, 128L);
    }
    if (block.size() == 2
        && block.getFirst() instanceof Long rows
        && block.getLast() instanceof Long columns
        && Math.min(rows, columns) > 0) {
      return List.of(rows, columns);
    }
    throw json.malformed("quantization_config.weight_block_size", "" + block, "two sizes are due");
  }

  int width() {
    return json.requireInt("hidden_size");
  }

  /// Attention heads, at least one.
  int heads() {
    int heads = json.requireInt(HEADS);
    if (heads == 0) {
      throw json.malformed(HEADS, "0", "it must be positive");
    }
    return heads;
  }

  int blocks() {
    return json.requireInt("num_hidden_layers");
  }

  int headSizeOr(int absent) {
    int size = json.intOr("head_dim", absent);
    if (size > LARGEST_HEAD) {
      throw json.malformed("head_dim", String.valueOf(size), "no model has such heads");
    }
    return size;
  }

  /// Length of a head that rotates: even.
  int rotatingHeadSize() {
    int size = headSizeOr(width() / heads());
    if (size < 2 || size % 2 != 0) {
      throw json.malformed("head_dim", "heads of " + size, "rotated heads have halves");
    }
    return size;
  }

  boolean isTied(boolean absent) {
    return json.flagOr("tie_word_embeddings", absent);
  }

  double ropeBaseOr(double absent) {
    return json.realOr(
        "rope_theta",
        ropeParameters().map(rope -> rope.realOr("rope_theta", absent)).orElse(absent));
  }

  /// `rope_scaling`, or what newer files call `rope_parameters`, of layers that see everything.
  Optional<JsonObject> ropeParameters() {
    Optional<JsonObject> rope =
        json.object("rope_scaling").or(() -> json.object("rope_parameters"));
    return rope.map(all -> all.object("full_attention").orElse(all));
  }

  /// How positions are scaled: `default` where they are not.
  String ropeType() {
    return ropeParameters()
        .flatMap(rope -> rope.text("rope_type").or(() -> rope.text("type")))
        .orElse("default");
  }

  /// @throws UnsupportedModelException when the feed-forward layers use another function
  void requireActivation(String... known) {
    String name = json.text("hidden_activation").or(() -> json.text("hidden_act")).orElse(known[0]);
    if (!List.of(known).contains(name)) {
      throw new UnsupportedModelException(
          "%s: the activation '%s' is not that of this family".formatted(json.file(), name));
    }
  }
}
