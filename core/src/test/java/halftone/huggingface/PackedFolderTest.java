package halftone.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.grack.nanojson.JsonWriter;
import halftone.model.MalformedFileException;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.UnsupportedModelException;
import halftone.parts.Composite;
import halftone.parts.GroupCodes;
import halftone.runtime.Arithmetic;
import halftone.runtime.LogitRows;
import halftone.tensor.Tensor;
import halftone.transform.SmoothQuant;
import halftone.workers.LocalWorkers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PackedFolderTest {
  private static final int[] TOKENS = new Random(7).ints(40, 0, 256).toArray();

  /// AutoAWQ's order of eight neighbours in a word, from its source.
  private static final int[] AWQ_ORDER = {0, 2, 4, 6, 1, 3, 5, 7};

  @TempDir private Path folder;

  static List<TinyFolder> tiny() {
    return TinyFolder.ALL;
  }

  private Path written(TinyFolder tiny) throws IOException {
    return tiny.write(Files.createDirectories(folder.resolve("model")));
  }

  private static Map<String, GroupCodes> codes(Model model, Packing packing) {
    Random random = new Random(4);
    Map<String, GroupCodes> codes = new HashMap<>();
    for (Tensor tensor : model.tensors().values()) {
      if (PackedFolder.isPacked(tensor.name(), model)) {
        int rows = Math.toIntExact(tensor.shape().rows());
        int columns = tensor.shape().columns();
        int groups = columns / packing.group();
        byte[] widths = new byte[groups];
        Arrays.fill(widths, (byte) 4);
        byte[] unpacked = new byte[rows * columns];
        float[] scales = new float[rows * groups];
        float[] zeros = new float[rows * groups];
        for (int i = 0; i < unpacked.length; i++) {
          unpacked[i] = (byte) random.nextInt(16);
        }
        for (int i = 0; i < scales.length; i++) {
          scales[i] = 0.01f + 0.02f * random.nextFloat();
          zeros[i] = 1 + random.nextInt(15);
        }
        codes.put(
            tensor.name(),
            GroupCodes.of(rows, columns, packing.group(), widths, unpacked, scales, zeros));
      }
    }
    return codes;
  }

  private static Model rounded(Model model, Map<String, GroupCodes> codes) {
    List<Tensor> tensors = new ArrayList<>();
    codes.forEach(
        (name, each) ->
            tensors.add(
                Composite.of(Objects.requireNonNull(model.tensors().get(name)).shape(), each)
                    .tensor(name)));
    return model.with(tensors);
  }

  private static float[][] logits(Model model) {
    return LogitRows.of(model, TOKENS, Arithmetic.EXACT);
  }

  /// What is written decodes to the same weights, bit for bit, in every family and both layouts.
  @ParameterizedTest
  @MethodSource("tiny")
  void whatIsWrittenIsReadBack(TinyFolder tiny) throws IOException {
    for (Packing.Layout layout : Packing.Layout.values()) {
      Packing packing = Packing.fourBits(layout, 32);
      Path out = folder.resolve("out-" + layout);
      try (ModelFolder source = ModelFolder.open(written(tiny), null)) {
        Model model = ModelReader.read(source);
        PackedFolder.requirePackable(model, packing);
        Map<String, GroupCodes> codes = codes(model, packing);
        PackedFolder.write(source, out, packing, model, codes, false);
        try (ModelFolder read = ModelFolder.open(out, null)) {
          assertThat(logits(ModelReader.read(read))).isDeepEqualTo(logits(rounded(model, codes)));
          assertThat(read.metadata().keySet()).isEqualTo(source.metadata().keySet());
        }
      }
      assertThat(out.resolve("tokenizer.json"))
          .hasSameBinaryContentAs(folder.resolve("model/tokenizer.json"));
    }
  }

  /// A rewrite's norms go back into the checkpoint's own order, offset and type.
  @ParameterizedTest
  @MethodSource("tiny")
  void aRewriteIsWrittenToo(TinyFolder tiny) throws IOException {
    Path out = folder.resolve("out");
    Packing packing = Packing.fourBits(Packing.Layout.AWQ, 32);
    try (LocalWorkers workers = new LocalWorkers(2);
        ModelFolder source = ModelFolder.open(written(tiny), null)) {
      Model model = ModelReader.read(source);
      SmoothQuant smooth = new SmoothQuant(0.5, true);
      Model rewritten = smooth.apply(model, smooth.measure(model, new int[][] {TOKENS}, workers));
      Map<String, GroupCodes> codes = codes(rewritten, packing);
      PackedFolder.write(source, out, packing, rewritten, codes, false);
      float[][] wanted = logits(rounded(rewritten, codes));
      try (ModelFolder read = ModelFolder.open(out, null)) {
        float[][] found = logits(ModelReader.read(read));
        for (int t = 0; t < wanted.length; t++) {
          for (int i = 0; i < wanted[t].length; i++) {
            assertThat(found[t][i])
                .isCloseTo(wanted[t][i], org.assertj.core.api.Assertions.within(2e-3f));
          }
        }
      }
    }
  }

  /// A checkpoint packed here by the formats' descriptions, number by number.
  @ParameterizedTest
  @CsvSource({"GPTQ, gptq, false", "GPTQ, gptq_v2, true", "AWQ, , false"})
  void aCheckpointMadeByHandIsRead(Packing.Layout layout, @Nullable String format, boolean shuffled)
      throws IOException {
    TinyFolder tiny = TinyFolder.ALL.get(1);
    Path path = written(tiny);
    int group = 16;
    Random random = new Random(3);
    Map<String, float[]> expected = new HashMap<>();
    SafetensorsWriter file = new SafetensorsWriter();
    tiny.weights()
        .forEach(
            (name, weight) -> {
              if (!name.contains("_proj.weight")) {
                file.add(name, weight.extents(), weight.values(), "F32");
                return;
              }
              int outputs = Math.toIntExact(weight.extents().getFirst());
              int inputs = Math.toIntExact(weight.extents().getLast());
              int groups = inputs / group;
              int[][] codes = new int[outputs][inputs];
              int[][] zeros = new int[groups][outputs];
              float[] scales = new float[groups * outputs];
              int[] groupOf = new int[inputs];
              for (int j = 0; j < inputs; j++) {
                groupOf[j] = shuffled ? (j * 7 + 3) % groups : j / group;
              }
              for (int[] row : codes) {
                Arrays.setAll(row, j -> random.nextInt(16));
              }
              for (int[] row : zeros) {
                Arrays.setAll(row, o -> 1 + random.nextInt(15));
              }
              for (int i = 0; i < scales.length; i++) {
                scales[i] = Float.float16ToFloat(Float.floatToFloat16(random.nextFloat()));
              }
              float[] values = new float[outputs * inputs];
              for (int o = 0; o < outputs; o++) {
                for (int j = 0; j < inputs; j++) {
                  int g = groupOf[j];
                  values[o * inputs + j] = scales[g * outputs + o] * (codes[o][j] - zeros[g][o]);
                }
              }
              expected.put(name, values);
              String base = name.replace(".weight", "");
              boolean gptq = layout == Packing.Layout.GPTQ;
              int[] words = new int[inputs * outputs / 8];
              for (int o = 0; o < outputs; o++) {
                for (int j = 0; j < inputs; j++) {
                  if (gptq) {
                    words[j / 8 * outputs + o] |= codes[o][j] << 4 * (j % 8);
                  } else {
                    words[j * (outputs / 8) + o / 8] |= codes[o][j] << 4 * awqPlace(o % 8);
                  }
                }
              }
              int less = gptq && "gptq".equals(format) ? 1 : 0;
              int[] packedZeros = new int[groups * outputs / 8];
              for (int g = 0; g < groups; g++) {
                for (int o = 0; o < outputs; o++) {
                  int place = gptq ? o % 8 : awqPlace(o % 8);
                  packedZeros[(g * outputs + o) / 8] |= zeros[g][o] - less << 4 * place;
                }
              }
              long rows = gptq ? inputs / 8 : inputs;
              file.add(base + ".qweight", "I32", List.of(rows, words.length / rows), bytes(words));
              file.add(
                  base + ".qzeros",
                  "I32",
                  List.of((long) groups, outputs / 8L),
                  bytes(packedZeros));
              file.add(base + ".scales", List.of((long) groups, (long) outputs), scales, "F16");
              if (gptq) {
                file.add(base + ".g_idx", "I32", List.of((long) inputs), bytes(groupOf));
              }
            });
    Map<String, @Nullable Object> quantization = new LinkedHashMap<>();
    quantization.put("quant_method", layout.id());
    quantization.put("bits", 4);
    quantization.put("group_size", group);
    if (format != null) {
      quantization.put("checkpoint_format", format);
    }
    replaceWeights(path, file, tiny, quantization);
    try (ModelFolder read = ModelFolder.open(path, null)) {
      for (String[] pair :
          new String[][] {
            {"model.layers.1.mlp.down_proj.weight", "blk.1.ffn_down.weight"},
            {"model.layers.0.self_attn.k_proj.weight", "blk.0.attn_k.weight"},
            {"model.layers.0.self_attn.v_proj.weight", "blk.0.attn_v.weight"}
          }) {
        Tensor tensor = Objects.requireNonNull(read.tensors().get(pair[1]));
        float[] found = new float[Math.toIntExact(tensor.shape().elements())];
        tensor.rows(0, Math.toIntExact(tensor.shape().rows()), found, 0);
        assertThat(found).isEqualTo(expected.get(pair[0]));
      }
    }
  }

  private static int awqPlace(int neighbour) {
    for (int place = 0; place < 8; place++) {
      if (AWQ_ORDER[place] == neighbour) {
        return place;
      }
    }
    throw new AssertionError();
  }

  private static byte[] bytes(int[] values) {
    ByteBuffer out = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    out.asIntBuffer().put(values);
    return out.array();
  }

  private static void replaceWeights(
      Path path,
      SafetensorsWriter file,
      TinyFolder tiny,
      Map<String, @Nullable Object> quantization)
      throws IOException {
    Files.delete(path.resolve(Shards.INDEX));
    file.write(path.resolve("model.safetensors"));
    Map<String, @Nullable Object> config = tiny.config();
    config.put("quantization_config", quantization);
    Files.writeString(path.resolve("config.json"), JsonWriter.string(config));
  }

  private Path packed() throws IOException {
    Path out = folder.resolve("out");
    Packing packing = Packing.fourBits(Packing.Layout.GPTQ, 32);
    try (ModelFolder source = ModelFolder.open(written(TinyFolder.ALL.get(1)), null)) {
      Model model = ModelReader.read(source);
      PackedFolder.write(source, out, packing, model, codes(model, packing), true);
    }
    return out;
  }

  @ParameterizedTest
  @CsvSource({
    "'\"bits\":4', '\"bits\":3', 3 bits",
    "'\"group_size\":32', '\"group_size\":48', groups",
    "'\"group_size\":32', '\"group_size\":64', qzeros",
    "'\"checkpoint_format\":\"gptq\"', '\"checkpoint_format\":\"marlin\"', marlin",
    "'\"quant_method\":\"gptq\"', '\"quant_method\":\"aqlm\"', aqlm"
  })
  void whatIsNotReadIsRefusedByName(String before, String after, String named) throws IOException {
    Path config = packed().resolve("config.json");
    String text = Files.readString(config);
    assertThat(text).contains(before);
    Files.writeString(config, text.replace(before, after));
    assertThatThrownBy(() -> ModelFolder.open(config.resolveSibling("."), null).close())
        .isInstanceOfAny(MalformedFileException.class, UnsupportedModelException.class)
        .hasMessageContaining(named);
  }

  @Test
  void nothingIsOverwrittenAndNothingIsLeftBehind() throws IOException {
    Path out = packed();
    Packing packing = Packing.fourBits(Packing.Layout.GPTQ, 32);
    try (ModelFolder source = ModelFolder.open(folder.resolve("model"), null)) {
      Model model = ModelReader.read(source);
      assertThatThrownBy(
              () -> PackedFolder.write(source, out, packing, model, codes(model, packing), false))
          .hasMessageContaining("exists");
      Map<String, GroupCodes> broken = codes(model, packing);
      broken.replaceAll((name, each) -> zeroless(each));
      assertThatThrownBy(
              () ->
                  PackedFolder.write(
                      source, folder.resolve("other"), packing, model, broken, false))
          .hasMessageContaining("zero point");
      assertThatThrownBy(
              () -> PackedFolder.requirePackable(model, Packing.fourBits(Packing.Layout.AWQ, 48)))
          .hasMessageContaining("blk.0")
          .hasMessageContaining("smaller group");
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("model", "out");
    }
  }

  private static GroupCodes zeroless(GroupCodes codes) {
    int groups = codes.widths().length;
    return GroupCodes.of(
        codes.rows(),
        codes.columns(),
        codes.group(),
        codes.widths(),
        new byte[codes.rows() * codes.columns()],
        new float[codes.rows() * groups],
        new float[codes.rows() * groups]);
  }

  @ParameterizedTest
  @EnumSource(Packing.Layout.class)
  void everyNumberOfAWordHasItsPlace(Packing.Layout layout) {
    Packing packing = Packing.fourBits(layout, 32);
    int word = 0;
    for (int i = 0; i < 8; i++) {
      word |= packing.put(i + 5, i);
    }
    for (int i = 0; i < 8; i++) {
      assertThat(packing.get(word, i)).isEqualTo(i + 5);
    }
  }
}
