package halftone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.numeric.BlockLayout;
import halftone.numeric.NumberFormat;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class GgmlTypeTest {
  /// id, name, weights and bytes a block, as the card lists them.
  private static final String CARD =
      """
      0 F32 1 4, 1 F16 1 2, 30 BF16 1 2, 41 Q1_0 128 18, 42 Q2_0 64 18, 2 Q4_0 32 18, 3 Q4_1 32 20,
      6 Q5_0 32 22, 7 Q5_1 32 24, 8 Q8_0 32 34, 10 Q2_K 256 84, 11 Q3_K 256 110, 12 Q4_K 256 144,
      13 Q5_K 256 176, 14 Q6_K 256 210, 16 IQ2_XXS 256 66, 17 IQ2_XS 256 74, 22 IQ2_S 256 82,
      18 IQ3_XXS 256 98, 21 IQ3_S 256 110, 19 IQ1_S 256 50, 29 IQ1_M 256 56, 20 IQ4_NL 32 18,
      23 IQ4_XS 256 136, 34 TQ1_0 256 54, 35 TQ2_0 256 66, 39 MXFP4 32 17, 40 NVFP4 64 36,
      24 I8 1 1, 25 I16 1 2, 26 I32 1 4, 27 I64 1 8, 28 F64 1 8
      """;

  @Test
  void hasTheCardsIdsAndSizes() {
    String[] rows = CARD.strip().split(",\\s*");
    assertThat(GgmlType.values()).hasSize(rows.length);
    for (String row : rows) {
      String[] cells = row.split(" ");
      GgmlType type = GgmlType.withId(Long.parseLong(cells[0])).orElseThrow();
      assertThat(type.name()).isEqualTo(cells[1]);
      assertThat(type.blockWeights()).isEqualTo(Integer.parseInt(cells[2]));
      assertThat(type.blockBytes()).isEqualTo(Integer.parseInt(cells[3]));
    }
  }

  @Test
  void everyTypeHasItsNumberFormat() {
    for (GgmlType type : GgmlType.values()) {
      NumberFormat format = type.format();
      assertThat(format.id()).isEqualTo(type.name());
      assertThat(format.layout())
          .isEqualTo(new BlockLayout(type.blockWeights(), type.blockBytes()));
      assertThat(GgmlType.of(format)).isEqualTo(type);
    }
  }

  @Test
  void refusesAFormatThatGgufCannotHold() {
    NumberFormat foreign =
        new NumberFormat() {
          @Override
          public String id() {
            return "X9";
          }

          @Override
          public BlockLayout layout() {
            return new BlockLayout(1, 1);
          }

          @Override
          public void decode(MemorySegment in, long offset, float[] out, int at, int count) {}
        };
    assertThatThrownBy(() -> GgmlType.of(foreign)).hasMessageContaining("X9");
  }
}
