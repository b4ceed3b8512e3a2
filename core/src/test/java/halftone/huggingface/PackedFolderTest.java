package halftone.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PackedFolderTest {
  private static final int[] TOKENS = new Random(7).ints(40, 0, 256).toArray();

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
