package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class Fp8Test {
  /// Code, value: the card's table of extremes.
  @Test
  void decodesTheExtremesOfThePaper() {
    float[] e4m3 = decoded("F8_E4M3");
    assertThat(e4m3[0x7E]).isEqualTo(448);
    assertThat(e4m3[0x08]).isEqualTo((float) Math.pow(2, -6));
    assertThat(e4m3[0x01]).isEqualTo((float) Math.pow(2, -9));
    assertThat(e4m3[0x7F]).isNaN();
    assertThat(e4m3[0xFF]).isNaN();
    float[] e5m2 = decoded("F8_E5M2");
    assertThat(e5m2[0x7B]).isEqualTo(57_344);
    assertThat(e5m2[0x04]).isEqualTo((float) Math.pow(2, -14));
    assertThat(e5m2[0x01]).isEqualTo((float) Math.pow(2, -16));
    assertThat(e5m2[0x7C]).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(e5m2[0xFC]).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(e5m2[0x7D]).isNaN();
    assertThat(e5m2[0xFF]).isNaN();
  }

  /// E5M2 is the upper byte of an F16.
  @Test
  void e5m2IsHalfAnF16() {
    float[] values = decoded("F8_E5M2");
    for (int code = 0; code < 256; code++) {
      float wanted = Float.float16ToFloat((short) (code << 8));
      assertThat(Float.compare(values[code], wanted)).isZero();
    }
  }

  @Test
  void e4m3FollowsItsDefinition() {
    float[] values = decoded("F8_E4M3");
    for (int code = 0; code < 256; code++) {
      int exponent = code >> 3 & 15;
      double mantissa = (code & 7) / 8.0;
      double magnitude =
          exponent == 0 ? mantissa * Math.pow(2, -6) : (1 + mantissa) * Math.pow(2, exponent - 7);
      if ((code & 0x7F) != 0x7F) {
        assertThat(values[code]).isEqualTo((float) (code < 128 ? magnitude : -magnitude));
      }
    }
  }

  private static float[] decoded(String id) {
    byte[] codes = new byte[256];
    for (int code = 0; code < 256; code++) {
      codes[code] = (byte) code;
    }
    float[] values = new float[256];
    NumberFormats.named(id).decode(MemorySegment.ofArray(codes), 0, values, 0, 256);
    return values;
  }
}
