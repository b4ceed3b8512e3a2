package halftone.huggingface;

import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

/// A llama of any size as a Hugging Face folder whose shards are sparse files: all weights are zero
/// but the first rows of every matrix, and they take no room on the disk.
///
/// @param layersAShard how many layers a shard holds
public record SparseFolder(
    int width, int feedForward, int blocks, int heads, int vocabulary, int layersAShard) {
  private static final int FILLED_BYTES = 1 << 16;

  /// Bytes of all weights, BF16.
  public long bytes() {
    long block = (2L + 4L * width + 3L * feedForward) * width;
    return 2 * (blocks * block + (2L * vocabulary + 1) * width);
  }

  /// Writes the folder.
  public Path write(Path folder) throws IOException {
    SequencedMap<String, Object> config = new LinkedHashMap<>(TinyFolder.ALL.getFirst().config());
    config.remove("rope_scaling");
    config.put("hidden_size", width);
    config.put("intermediate_size", feedForward);
    config.put("num_hidden_layers", blocks);
    config.put("num_attention_heads", heads);
    config.put("num_key_value_heads", heads);
    config.put("tie_word_embeddings", false);
    config.put("vocab_size", vocabulary);
    Files.writeString(folder.resolve("config.json"), JsonWriter.string(config));
    Files.writeString(folder.resolve("tokenizer.json"), JsonWriter.string(TinyFolder.tokenizer()));
    SequencedMap<String, Object> map = new LinkedHashMap<>();
    List<SequencedMap<String, List<Integer>>> shards = shards();
    for (int shard = 0; shard < shards.size(); shard++) {
      String name = "model-%05d.safetensors".formatted(shard);
      shards.get(shard).keySet().forEach(tensor -> map.put(tensor, name));
      write(folder.resolve(name), shards.get(shard));
    }
    Files.writeString(
        folder.resolve(Shards.INDEX),
        JsonWriter.string(Map.of("metadata", Map.of("total_size", bytes()), "weight_map", map)));
    return folder;
  }

  private List<SequencedMap<String, List<Integer>>> shards() {
    List<SequencedMap<String, List<Integer>>> shards = new ArrayList<>();
    SequencedMap<String, List<Integer>> outside = new LinkedHashMap<>();
    outside.put("model.embed_tokens.weight", List.of(vocabulary, width));
    outside.put("model.norm.weight", List.of(width));
    outside.put("lm_head.weight", List.of(vocabulary, width));
    shards.add(outside);
    for (int block = 0; block < blocks; block++) {
      if (block % layersAShard == 0) {
        shards.add(new LinkedHashMap<>());
      }
      addBlock(shards.getLast(), "model.layers." + block + ".");
    }
    return shards;
  }

  private void addBlock(SequencedMap<String, List<Integer>> shard, String prefix) {
    shard.put(prefix + "input_layernorm.weight", List.of(width));
    for (String part : List.of("q", "k", "v", "o")) {
      shard.put(prefix + "self_attn." + part + "_proj.weight", List.of(width, width));
    }
    shard.put(prefix + "post_attention_layernorm.weight", List.of(width));
    shard.put(prefix + "mlp.gate_proj.weight", List.of(feedForward, width));
    shard.put(prefix + "mlp.up_proj.weight", List.of(feedForward, width));
    shard.put(prefix + "mlp.down_proj.weight", List.of(width, feedForward));
  }

  private static void write(Path file, SequencedMap<String, List<Integer>> tensors)
      throws IOException {
    SequencedMap<String, Object> header = new LinkedHashMap<>();
    SequencedMap<Long, Integer> starts = new LinkedHashMap<>();
    long end = 0;
    for (Map.Entry<String, List<Integer>> tensor : tensors.entrySet()) {
      long bytes = tensor.getValue().stream().mapToLong(n -> n).reduce(2, (a, b) -> a * b);
      header.put(
          tensor.getKey(),
          Map.of(
              "dtype", "BF16",
              "shape", tensor.getValue(),
              "data_offsets", List.of(end, end + bytes)));
      starts.put(end, (int) Math.min(bytes, FILLED_BYTES));
      end += bytes;
    }
    byte[] text = JsonWriter.string(header).getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
      out.write(text);
      long data = out.getFilePointer();
      out.setLength(data + end);
      Random random = new Random(1);
      for (Map.Entry<Long, Integer> start : starts.entrySet()) {
        out.seek(data + start.getKey());
        out.write(gaussian(random, start.getValue()));
      }
    }
  }

  private static byte[] gaussian(Random random, int bytes) {
    float[] values = new float[bytes / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.02 * random.nextGaussian());
    }
    return SafetensorsWriter.encode(values, "BF16");
  }
}
