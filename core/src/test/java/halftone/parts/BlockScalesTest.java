package halftone.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class BlockScalesTest {
  private static SequencedMap<String, Field> scales(String type, byte... bytes) {
    SequencedMap<String, Field> fields = new LinkedHashMap<>();
    fields.put("scales", new Field(type, List.of(1L), MemorySegment.ofArray(bytes)));
    return fields;
  }

  /// Byte 0 is 2^−127, a subnormal float; byte 255 is no scale.
  @Test
  void exponentsReachFromEndToEnd() {
    assertThat(BlockScales.powersOfTwo(new int[] {-127, 0, 127}).get(0)).isEqualTo(0x1p-127f);
    assertThat(BlockScales.powersOfTwo(new int[] {-127, 0, 127}).get(2)).isEqualTo(0x1p127f);
    assertThatThrownBy(() -> BlockScales.read("e8m0", scales("U8", (byte) -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("e8m0");
  }

  @Test
  void whatIsNoScaleIsRefused() {
    assertThatThrownBy(() -> BlockScales.read("f16", scales("F16", (byte) 0, (byte) 0x7C)))
        .hasMessageContaining("Infinity");
    assertThatThrownBy(() -> BlockScales.read("f32", scales("U8", (byte) 0)))
        .hasMessageContaining("U8, not F32");
    assertThatThrownBy(() -> BlockScales.read("e4m3", scales("U8", (byte) 0)))
        .hasMessageContaining("tensor_scale");
    SequencedMap<String, Field> doubled = scales("I8", (byte) 1);
    doubled.put("steps", Field.singles(new float[2], 2));
    doubled.put("mean", Field.singles(new float[1], 1));
    assertThatThrownBy(() -> BlockScales.read("i8", doubled)).hasMessageContaining("2 steps");
  }
}
