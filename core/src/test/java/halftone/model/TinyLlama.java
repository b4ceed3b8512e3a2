package halftone.model;

import halftone.numeric.NumberFormat;
import halftone.numeric.NumberFormats;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;

/// A small llama with seeded random F32 weights and a byte-level vocabulary of 264 tokens (the 256
/// bytes, four merges, four special tokens), for tests: the real llama.cpp loads it too.
///
/// @param tied whether the output product reuses the embedding
public record TinyLlama(
    int width, int blocks, int heads, int keyValueHeads, int feedForward, boolean tied, long seed) {
  public static final int VOCABULARY = 264;
  public static final int BOS = 260;

  private static final List<String> MERGES = List.of("t h", "th e", "Ġ the", "i n");
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;

  /// Width 64, two blocks, four heads of 16 on two key-value heads, feed-forward 128, tied.
  public static TinyLlama seeded(long seed) {
    return new TinyLlama(64, 2, 4, 2, 128, true, seed);
  }

  /// The same with rows of 256 and 512, which every format's block divides.
  public static TinyLlama wide(long seed) {
    return new TinyLlama(256, 2, 4, 2, 512, true, seed);
  }

  /// In memory.
  public Model model() {
    Metadata metadata = new Metadata("tiny llama", metadata());
    SequencedMap<String, Tensor> tensors = tensors();
    List<Stage> stages = new LlamaArchitecture().stages(metadata, tensors);
    return new Model(stages, tensors, metadata.values());
  }

  /// As a file.
  public Path write(Path target) throws IOException {
    return write(target, metadata(), tensors());
  }

  /// Any model as a file.
  public static Path write(Path target, Model model) throws IOException {
    return write(target, model.metadata(), model.tensors());
  }

  static Path write(
      Path target, SequencedMap<String, GgufValue> metadata, SequencedMap<String, Tensor> tensors)
      throws IOException {
    List<TensorInfo> infos = tensors.values().stream().map(TensorInfo::of).toList();
    try (GgufWriter writer = GgufWriter.create(target, metadata, infos, List.of())) {
      for (Tensor tensor : tensors.values()) {
        writer.write(tensor.name(), tensor.bytes());
      }
      writer.commit();
    }
    return target;
  }

  /// A fresh map, to be changed freely.
  public SequencedMap<String, GgufValue> metadata() {
    SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", new GgufValue.Text("llama"));
    metadata.put("general.name", new GgufValue.Text("tiny llama " + seed));
    size(metadata, "llama.context_length", 256);
    size(metadata, "llama.embedding_length", width);
    size(metadata, "llama.block_count", blocks);
    size(metadata, "llama.feed_forward_length", feedForward);
    size(metadata, "llama.attention.head_count", heads);
    size(metadata, "llama.attention.head_count_kv", keyValueHeads);
    metadata.put("llama.attention.layer_norm_rms_epsilon", new GgufValue.F32(1e-5f));
    size(metadata, "llama.rope.dimension_count", width / heads);
    metadata.put("llama.rope.freq_base", new GgufValue.F32(10_000));
    vocabulary(metadata);
    return metadata;
  }

  private static void vocabulary(SequencedMap<String, GgufValue> metadata) {
    List<String> tokens = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      tokens.add(byteToken(value));
    }
    MERGES.forEach(merge -> tokens.add(merge.replace(" ", "")));
    tokens.addAll(List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>"));
    List<GgufValue> types = new ArrayList<>();
    for (int token = 0; token < VOCABULARY; token++) {
      types.add(new GgufValue.I32(token < BOS ? NORMAL : CONTROL));
    }
    metadata.put("tokenizer.ggml.model", new GgufValue.Text("gpt2"));
    metadata.put("tokenizer.ggml.pre", new GgufValue.Text("smollm"));
    metadata.put("tokenizer.ggml.tokens", texts(tokens));
    metadata.put("tokenizer.ggml.token_type", new GgufValue.Array(GgufType.INT32.id(), types));
    metadata.put("tokenizer.ggml.merges", texts(MERGES));
    size(metadata, "tokenizer.ggml.bos_token_id", BOS);
    size(metadata, "tokenizer.ggml.eos_token_id", BOS);
    metadata.put("tokenizer.ggml.add_bos_token", new GgufValue.Bool(false));
  }

  /// GPT-2's table: printable bytes stand for themselves, the others for U+0100 onwards, in order.
  private static String byteToken(int value) {
    if (isPrintable(value)) {
      return Character.toString(value);
    }
    int before = 0;
    for (int other = 0; other < value; other++) {
      before += isPrintable(other) ? 0 : 1;
    }
    return Character.toString(256 + before);
  }

  private static boolean isPrintable(int value) {
    return value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xFF && value != 0xAD;
  }

  /// A fresh map, to be changed freely.
  public SequencedMap<String, Tensor> tensors() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    Random random = new Random(seed);
    int keys = width / heads * keyValueHeads;
    add(tensors, gaussian(random, "token_embd.weight", 0, 1, width, VOCABULARY));
    for (int i = 0; i < blocks; i++) {
      String block = "blk." + i + ".";
      add(tensors, gain(random, block + "attn_norm.weight"));
      add(tensors, matrix(random, block + "attn_q.weight", width, width));
      add(tensors, matrix(random, block + "attn_k.weight", width, keys));
      add(tensors, matrix(random, block + "attn_v.weight", width, keys));
      add(tensors, matrix(random, block + "attn_output.weight", width, width));
      add(tensors, gain(random, block + "ffn_norm.weight"));
      add(tensors, matrix(random, block + "ffn_gate.weight", width, feedForward));
      add(tensors, matrix(random, block + "ffn_up.weight", width, feedForward));
      add(tensors, matrix(random, block + "ffn_down.weight", feedForward, width));
    }
    add(tensors, gain(random, "output_norm.weight"));
    if (!tied) {
      add(tensors, matrix(random, "output.weight", width, VOCABULARY));
    }
    return tensors;
  }

  private Tensor gain(Random random, String name) {
    return gaussian(random, name, 1, 0.1, width);
  }

  private static Tensor matrix(Random random, String name, long inputs, long outputs) {
    return gaussian(random, name, 0, 1 / Math.sqrt(inputs), inputs, outputs);
  }

  /// An F32 tensor of normally distributed values.
  static Tensor gaussian(
      Random random, String name, double mean, double deviation, long... extents) {
    Shape shape = Shape.of(extents);
    NumberFormat f32 = NumberFormats.named("F32");
    MemorySegment bytes = Arena.ofAuto().allocate(Tensor.bytesOf(shape, f32), 64);
    ValueLayout.OfFloat layout = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < shape.elements(); i++) {
      bytes.setAtIndex(layout, i, (float) (mean + deviation * random.nextGaussian()));
    }
    return new Tensor(name, shape, f32, bytes);
  }

  private static void add(SequencedMap<String, Tensor> tensors, Tensor tensor) {
    tensors.put(tensor.name(), tensor);
  }

  private static void size(SequencedMap<String, GgufValue> metadata, String key, int size) {
    metadata.put(key, new GgufValue.U32(size));
  }

  private static GgufValue texts(List<String> texts) {
    List<GgufValue> elements = new ArrayList<>();
    texts.forEach(text -> elements.add(new GgufValue.Text(text)));
    return new GgufValue.Array(GgufType.STRING.id(), elements);
  }
}
