package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.CardVectors;
import halftone.llamacpp.Ggml;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// All seven grid types decode to the reference's bits.
class IqDecodeTest {
  enum Type {
    IQ2_XXS(new Iq2Xxs(), 16, 0xc34da130),
    IQ2_XS(new Iq2Xs(), 17, 0x272f336f),
    IQ2_S(new Iq2S(), 22, 0xd6d68a41),
    IQ3_XXS(new Iq3Xxs(), 18, 0xd93a826a),
    IQ3_S(new Iq3S(), 21, 0x57fe775a),
    IQ1_S(new Iq1S(), 19, 0x0aa6dc75),
    IQ1_M(new Iq1M(), 29, 0x87ba3136);

    final NumberFormat format;
    final int ggml;
    final int crc;

    Type(NumberFormat format, int ggml, int crc) {
      this.format = format;
      this.ggml = ggml;
      this.crc = crc;
    }
  }

  @ParameterizedTest
  @EnumSource
  void decodesTheCardsBytes(Type type) {
    assertThat(CardVectors.crc(decode(type, cardBytes(type)))).isEqualTo(type.crc);
  }

  @ParameterizedTest
  @EnumSource
  void decodesRandomBytesAsGgmlDoes(Type type) {
    Ggml ggml = new Ggml(AssumedLlamaCpp.library());
    byte[] bytes = new byte[200 * type.format.layout().bytes()];
    new Random(5).nextBytes(bytes);
    float[] reference = ggml.dequantize(type.ggml, bytes, 200 * 256);
    assertThat(canonical(decode(type, bytes))).isEqualTo(canonical(reference));
  }

  @ParameterizedTest
  @EnumSource
  void namesItselfAndItsSize(Type type) {
    assertThat(type.format.id()).isEqualTo(type.name());
    assertThat(type.format.layout().weights()).isEqualTo(256);
  }

  @ParameterizedTest
  @EnumSource
  void decodesAnyWholeNumberOfBlocksAnywhere(Type type) {
    byte[] bytes = cardBytes(type);
    float[] whole = decode(type, bytes);
    float[] part = new float[300];
    type.format.decode(
        MemorySegment.ofArray(bytes), 2L * type.format.layout().bytes(), part, 7, 256);
    for (int i = 0; i < 256; i++) {
      assertThat(part[7 + i]).isEqualTo(whole[512 + i]);
    }
    assertThatThrownBy(() -> type.format.decode(MemorySegment.ofArray(bytes), 0, part, 0, 255))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("255");
  }

  /// Four blocks with plausible scales, as the card describes.
  private static byte[] cardBytes(Type type) {
    int size = type.format.layout().bytes();
    byte[] bytes = CardVectors.bytes(4 * size);
    for (int block = 0; block < 4; block++) {
      int at = block * size;
      if (type == Type.IQ1_M) {
        bytes[at + 55] = (byte) (bytes[at + 55] & 15 | 0x20);
      } else {
        int half = 0x2C00 + 17 * block;
        bytes[at] = (byte) half;
        bytes[at + 1] = (byte) (half >> 8);
      }
    }
    return bytes;
  }

  private static float[] decode(Type type, byte[] bytes) {
    float[] out = new float[bytes.length / type.format.layout().bytes() * 256];
    type.format.decode(MemorySegment.ofArray(bytes), 0, out, 0, out.length);
    return out;
  }

  /// Bits of all values, every NaN alike.
  private static int[] canonical(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits(values[i]);
    }
    return bits;
  }
}
