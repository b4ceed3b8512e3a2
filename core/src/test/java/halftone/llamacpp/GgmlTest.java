package halftone.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class GgmlTest {
  @Test
  void decodesWhatItEncoded() {
    Ggml ggml = new Ggml(AssumedLlamaCpp.library());
    float[] weights = {
      1, -2, 3, 4, 0, 127, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2,
      3, 4
    };
    byte[] q80 = ggml.quantize(8, weights, 1, 32, null);
    assertThat(q80).hasSize(34);
    assertThat(ggml.dequantize(8, q80, 32)).containsExactly(weights);
  }

  @Test
  void knowsTheTypesThatNeedImportance() {
    Ggml ggml = new Ggml(AssumedLlamaCpp.library());
    assertThat(ggml.requiresImportance(16)).isTrue();
    assertThat(ggml.requiresImportance(21)).isFalse();
    assertThat(ggml.blockBytes(21)).isEqualTo(110);
    assertThat(ggml.toHalf(1.5f)).isEqualTo((short) 0x3E00);
  }

  @Test
  void givesTheCardsBytesForQ4K() {
    Ggml ggml = new Ggml(AssumedLlamaCpp.library());
    float[] weights = CardVectors.weights();
    CRC32 crc = new CRC32();
    crc.update(ggml.quantize(12, weights, 2, 512, null));
    assertThat(crc.getValue()).isEqualTo(0x87054137L);
  }
}
