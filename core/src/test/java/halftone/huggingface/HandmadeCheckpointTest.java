package halftone.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonWriter;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Checkpoints packed by the formats' descriptions, not by our writer.
class HandmadeCheckpointTest {
  private static final TinyFolder TINY = TinyFolder.ALL.get(1);
  private static final int GROUP = 16;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"gptq, gptq, false", "gptq, gptq_v2, true", "awq, , false"})
  void isRead(String method, @Nullable String format, boolean shuffled) throws IOException {
    Map<String, PackedByHand> layers = written(method, format, shuffled);
    try (ModelFolder read = ModelFolder.open(folder, null)) {
      Map.of(
              "model.layers.1.mlp.down_proj", "blk.1.ffn_down.weight",
              "model.layers.0.self_attn.k_proj", "blk.0.attn_k.weight",
              "model.layers.0.self_attn.v_proj", "blk.0.attn_v.weight")
          .forEach(
              (layer, name) -> {
                Tensor tensor = Objects.requireNonNull(read.tensors().get(name));
                float[] found = new float[Math.toIntExact(tensor.shape().elements())];
                tensor.rows(0, Math.toIntExact(tensor.shape().rows()), found, 0);
                assertThat(found).isEqualTo(Objects.requireNonNull(layers.get(layer)).values());
              });
    }
  }

  private Map<String, PackedByHand> written(
      String method, @Nullable String format, boolean shuffled) throws IOException {
    TINY.write(folder);
    Files.delete(folder.resolve(Shards.INDEX));
    Random random = new Random(3);
    Map<String, PackedByHand> layers = new HashMap<>();
    SafetensorsWriter file = new SafetensorsWriter();
    TINY.weights()
        .forEach(
            (name, weight) -> {
              if (!name.contains("_proj.weight")) {
                file.add(name, weight.extents(), weight.values(), "F32");
                return;
              }
              int outputs = Math.toIntExact(weight.extents().getFirst());
              int inputs = Math.toIntExact(weight.extents().getLast());
              String layer = name.replace(".weight", "");
              PackedByHand packed = new PackedByHand(outputs, inputs, GROUP, shuffled, random);
              if (method.equals("awq")) {
                packed.addAwq(file, layer);
              } else {
                packed.addGptq(file, layer, "gptq".equals(format) ? 1 : 0);
              }
              layers.put(layer, packed);
            });
    file.write(folder.resolve("model.safetensors"));
    Map<String, @Nullable Object> quantization = new LinkedHashMap<>();
    quantization.put("quant_method", method);
    quantization.put("bits", 4);
    quantization.put("group_size", GROUP);
    quantization.put("checkpoint_format", format);
    Map<String, @Nullable Object> config = TINY.config();
    config.put("quantization_config", quantization);
    Files.writeString(folder.resolve("config.json"), JsonWriter.string(config));
    return layers;
  }
}
