package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class NumberFormatsTest {
  @Test
  void findsEveryMemberInEitherCase() {
    for (NumberFormat format : NumberFormats.ALL) {
      assertThat(NumberFormats.named(format.id().toLowerCase())).isSameAs(format);
    }
  }

  @Test
  void listsTheNamesWhenThereIsNone() {
    assertThatThrownBy(() -> NumberFormats.named("Q4_2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'Q4_2'")
        .hasMessageContaining("Q4_0, Q4_1, Q5_0");
  }

  @Test
  void activationFormatsAndIntegersAreNoWeightFormats() {
    assertThat(NumberFormats.weightFormats())
        .extracting(WeightFormat::id)
        .contains("F32", "Q4_K")
        .doesNotContain("Q8_1", "Q8_K", "I32", "F64");
  }

  @Test
  void readsMachineNumbers() {
    assertThat(read("I8", ByteBuffer.allocate(1).put((byte) -3))).isEqualTo(-3);
    assertThat(read("I16", little(2).putShort((short) -300))).isEqualTo(-300);
    assertThat(read("I32", little(4).putInt(-70000))).isEqualTo(-70000);
    assertThat(read("I64", little(8).putLong(1L << 40))).isEqualTo(0x1p40f);
    assertThat(read("F64", little(8).putDouble(0.1))).isEqualTo(0.1f);
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float read(String id, ByteBuffer bytes) {
    float[] out = new float[1];
    MemorySegment in = MemorySegment.ofArray(bytes.array());
    NumberFormats.named(id).decode(in, 0, out, 0, 1);
    return out[0];
  }
}
