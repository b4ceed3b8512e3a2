package halftone.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.MalformedFileException;
import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.numeric.ElementFormat;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.parts.BlockScales;
import halftone.parts.Composite;
import halftone.parts.Formatted;
import halftone.parts.GroupCodes;
import halftone.parts.LowRank;
import halftone.parts.Outliers;
import halftone.parts.RowTables;
import halftone.parts.ScaledElements;
import halftone.parts.SomeRows;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HalftoneFileTest {
  private static final Model MODEL = TinyLlama.seeded(4).model();
  private static final String WEIGHT = "blk.0.attn_q.weight";
  private static final int SIDE = 64;

  @TempDir private Path folder;

  private final Random random = new Random(8);

  private GroupCodes groups(int rows, int columns, int group, int... widths) {
    byte[] bits = new byte[widths.length];
    byte[] codes = new byte[rows * columns];
    for (int g = 0; g < widths.length; g++) {
      bits[g] = (byte) widths[g];
    }
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) random.nextInt(1 << bits[i % columns / group]);
    }
    return GroupCodes.of(
        rows, columns, group, bits, codes, floats(rows * bits.length), floats(rows * bits.length));
  }

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Float.float16ToFloat(Float.floatToFloat16((float) random.nextGaussian()));
    }
    return values;
  }

  private Composite everything() {
    byte[] codes = new byte[SIDE * SIDE];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) random.nextInt(8);
    }
    WeightFormat q8 = (WeightFormat) NumberFormats.named("Q8_0");
    Shape shape = Shape.of(SIDE, SIDE);
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) Tensor.bytesOf(shape, q8)]);
    q8.fit(floats(SIDE * SIDE), 0, SIDE, SIDE, null).pack(bytes, 0);
    int[] starts = new int[SIDE + 1];
    for (int r = 5; r <= SIDE; r++) {
      starts[r] = r < 20 ? 1 : 3;
    }
    return Composite.of(
        shape,
        groups(SIDE, SIDE, 24, 1, 7, 4),
        RowTables.of(SIDE, SIDE, 3, codes, floats(SIDE * 8)),
        new Outliers(
            SIDE, SIDE, starts, new int[] {7, 0, 63}, new short[] {15360, 1, (short) 0xC200}),
        LowRank.of(SIDE, SIDE, 3, floats(SIDE * 3), floats(3 * SIDE)),
        new SomeRows(SIDE, new int[] {2, 3, 40}, groups(3, SIDE, 64, 5)),
        new Formatted(new Tensor("w", shape, q8, bytes)),
        elements("E2M1", 32, BlockScales.powersOfTwo(new int[2 * SIDE])),
        elements("E2M1", 16, BlockScales.twoLevels(new byte[4 * SIDE], 3)),
        elements("NF4", 64, BlockScales.doubled(floats(SIDE))),
        new SomeRows(
            SIDE,
            new int[] {5},
            ScaledElements.of(
                1,
                SIDE,
                40,
                ElementFormat.named("BIPOLAR3"),
                new byte[SIDE],
                BlockScales.halves(floats(2)))));
  }

  private ScaledElements elements(String id, int block, BlockScales scales) {
    ElementFormat element = ElementFormat.named(id);
    byte[] codes = new byte[SIDE * SIDE];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) random.nextInt(1 << element.bits());
    }
    return ScaledElements.of(SIDE, SIDE, block, element, codes, scales);
  }

  private Path write(Map<String, Composite> composites) throws IOException {
    Path file = folder.resolve("model.safetensors");
    HalftoneWriter.write(file, MODEL.metadata(), MODEL.tensors().values(), composites, List.of());
    return file;
  }

  private static float[] values(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().elements())];
    tensor.rows(0, Math.toIntExact(tensor.shape().rows()), values, 0);
    return values;
  }

  @Test
  void everyKindOfPartComesBack() throws IOException {
    Composite composite = everything();
    Path file = write(Map.of(WEIGHT, composite));
    assertThat(Files.size(file))
        .isEqualTo(
            HalftoneWriter.bytes(
                MODEL.metadata(), MODEL.tensors().values(), Map.of(WEIGHT, composite)));
    try (HalftoneFile read = HalftoneFile.open(file)) {
      assertThat(read.metadata()).isEqualTo(MODEL.metadata());
      assertThat(read.tensors().keySet()).isEqualTo(MODEL.tensors().keySet());
      Composite found = Objects.requireNonNull(read.composites().get(WEIGHT));
      assertThat(found.bytes()).isEqualTo(composite.bytes());
      assertThat(values(found.tensor("w"))).isEqualTo(values(composite.tensor("w")));
      Tensor kept = Objects.requireNonNull(read.tensors().get("blk.1.ffn_up.weight"));
      assertThat(values(kept))
          .isEqualTo(values(Objects.requireNonNull(MODEL.tensors().get(kept.name()))));
      assertThat(kept.shape())
          .isEqualTo(Objects.requireNonNull(MODEL.tensors().get(kept.name())).shape());
    }
  }

  /// Part by part against the definition, read row by row and all rows at once.
  @Test
  void aRowIsTheSumOfItsParts() {
    Composite composite = everything();
    float[] all = values(composite.tensor("w"));
    float[] row = new float[SIDE];
    for (int r = 0; r < SIDE; r++) {
      float[] sum = new float[SIDE];
      for (var part : composite.parts()) {
        part.add(r, 1, sum, 0);
      }
      composite.rows(r, 1, row, 0);
      for (int j = 0; j < SIDE; j++) {
        assertThat(row[j]).isEqualTo(sum[j]).isEqualTo(all[r * SIDE + j]);
      }
    }
  }

  /// The stream of bits by hand: widths 3 and 5, codes 5, 6 and 17, scale 2, zero 1.
  @Test
  void codesAreAStreamOfBitsFromTheLowestOn() {
    GroupCodes codes =
        GroupCodes.of(
            1,
            3,
            2,
            new byte[] {3, 5},
            new byte[] {5, 6, 17},
            new float[] {2, 2},
            new float[] {1, 1});
    assertThat(Objects.requireNonNull(codes.fields().get("codes")).toBytes())
        .containsExactly(5 | 6 << 3 | (17 & 3) << 6, 17 >> 2);
    float[] row = new float[3];
    codes.add(0, 1, row, 0);
    assertThat(row).containsExactly(8, 10, 32);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 8})
  void codesOfEveryWidthComeBackFromRowsOfEveryLength(int bits) {
    for (int columns = 1; columns < 40; columns++) {
      byte[] codes = new byte[2 * columns];
      random.nextBytes(codes);
      for (int i = 0; i < codes.length; i++) {
        codes[i] &= (byte) ((1 << bits) - 1);
      }
      GroupCodes packed =
          GroupCodes.of(
              2, columns, 64, new byte[] {(byte) bits}, codes, new float[2], new float[2]);
      for (int row = 0; row < 2; row++) {
        assertThat(packed.codesOfRow(row))
            .isEqualTo(java.util.Arrays.copyOfRange(codes, row * columns, (row + 1) * columns));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "groups,ggoups,kind",
    "rank\\\":3,rank\\\":4,rank",
    "group\\\":24,group\\\":32,columns",
    "bits\\\":3,bits\\\":9,bits",
    "NF4,NF5,element format",
    "block\\\":32,block\\\":64,scales",
    "e8m0,e9m0,e9m0"
  })
  void whatDoesNotFitTogetherIsRefusedByName(String before, String after, String named)
      throws IOException {
    Path file = write(Map.of(WEIGHT, everything()));
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(before);
    Files.write(
        file,
        text.replaceFirst(
                java.util.regex.Pattern.quote(before),
                java.util.regex.Matcher.quoteReplacement(after))
            .getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> HalftoneFile.open(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining(WEIGHT)
        .hasMessageContaining(named)
        .hasMessageContaining("model.safetensors");
  }

  @Test
  void anotherSafetensorsFileIsNoModel() throws IOException {
    Path file = folder.resolve("weights.safetensors");
    String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(8 + header.length() + 4)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
    Files.write(file, bytes.array());
    assertThatThrownBy(() -> HalftoneFile.open(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("weights alone are no model");
  }

  @Test
  void namesOfArraysAreThoseOfTheLayout() {
    List<String> names = new ArrayList<>();
    everything().parts().forEach(part -> names.add(String.join(",", part.fields().keySet())));
    assertThat(names)
        .containsExactly(
            "codes,scales,zeros",
            "codes,tables",
            "starts,columns,values",
            "a,a_scales,b,b_scales",
            "rows,codes,scales,zeros",
            "bytes",
            "codes,scales",
            "codes,scales,tensor_scale",
            "codes,scales,steps,mean",
            "rows,codes,scales");
    assertThat(new LinkedHashMap<>(everything().parts().getFirst().fields())).hasSize(3);
  }
}
