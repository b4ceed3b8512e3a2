package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.CardVectors;
import halftone.llamacpp.Ggml;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The seven grid types have the reference encoder's bytes.
class IqEncodeTest {
  private static final int ROWS = 24;
  private static final int COLUMNS = 1024;

  enum Type {
    IQ2_XXS(new Iq2Xxs(), 16, 0x287bbad3, 0x3aceeb09, 0, 0),
    IQ2_XS(new Iq2Xs(), 17, 0x712750d4, 0xf42f762f, 0, 0),
    IQ2_S(new Iq2S(), 22, 0x97d3429e, 0x54484429, 0xb49290a4, 0xd053328c),
    IQ3_XXS(new Iq3Xxs(), 18, 0x473c65fe, 0x7c0255f8, 0xf3da877b, 0x8a2ab34f),
    IQ3_S(new Iq3S(), 21, 0x54736f51, 0xe87164f3, 0x9bb21a7f, 0x8b1a455d),
    IQ1_S(new Iq1S(), 19, 0x0fc2b947, 0x38d9ce45, 0, 0),
    IQ1_M(new Iq1M(), 29, 0x78d45a3c, 0x0eaa2b0f, 0xcf80a436, 0x647c1111);

    final WeightFormat format;
    final int ggml;
    final int crc;
    final int decodedCrc;
    final int plainCrc;
    final int plainDecodedCrc;

    Type(
        WeightFormat format, int ggml, int crc, int decodedCrc, int plainCrc, int plainDecodedCrc) {
      this.format = format;
      this.ggml = ggml;
      this.crc = crc;
      this.decodedCrc = decodedCrc;
      this.plainCrc = plainCrc;
      this.plainDecodedCrc = plainDecodedCrc;
    }
  }

  @ParameterizedTest
  @EnumSource
  void givesTheCardsBytesWithImportance(Type type) {
    byte[] bytes =
        IqRows.encode(type.format, CardVectors.weights(), 2, 512, CardVectors.importance());
    assertThat(CardVectors.crc(bytes)).isEqualTo(type.crc);
    assertThat(CardVectors.crc(IqRows.decode(type.format, bytes))).isEqualTo(type.decodedCrc);
  }

  @ParameterizedTest
  @EnumSource(names = {"IQ1_M", "IQ2_S", "IQ3_XXS", "IQ3_S"})
  void givesTheCardsBytesWithoutImportance(Type type) {
    byte[] bytes = IqRows.encode(type.format, CardVectors.weights(), 2, 512, null);
    assertThat(CardVectors.crc(bytes)).isEqualTo(type.plainCrc);
    assertThat(CardVectors.crc(IqRows.decode(type.format, bytes))).isEqualTo(type.plainDecodedCrc);
  }

  @ParameterizedTest
  @EnumSource
  void givesGgmlsBytesOnGaussianRows(Type type) {
    float[] x = IqRows.gaussian(ROWS * COLUMNS, 0.05, 11);
    compare(type, x, IqRows.importance(COLUMNS, 1.5, 12));
  }

  @ParameterizedTest
  @EnumSource
  void givesGgmlsBytesOnHeavyTailsAndExtremeImportance(Type type) {
    float[] x = IqRows.heavyTailed(ROWS * COLUMNS, 13);
    compare(type, x, IqRows.importance(COLUMNS, 5, 14));
  }

  /// Zero padding at the end of rows, as in models whose rows were lengthened.
  @ParameterizedTest
  @EnumSource
  void givesGgmlsBytesOnPaddedRows(Type type) {
    float[] x = IqRows.gaussian(ROWS * COLUMNS, 0.05, 15);
    for (int row = 0; row < ROWS; row++) {
      Arrays.fill(x, row * COLUMNS + 576, (row + 1) * COLUMNS, 0);
    }
    float[] importance = IqRows.importance(COLUMNS, 1, 16);
    Arrays.fill(importance, 576, COLUMNS, 0);
    compare(type, x, importance);
  }

  @ParameterizedTest
  @EnumSource(names = {"IQ1_M", "IQ2_S", "IQ3_XXS", "IQ3_S"})
  void givesGgmlsBytesWithoutImportance(Type type) {
    compare(type, IqRows.gaussian(ROWS * COLUMNS, 0.05, 17), null);
    compare(type, IqRows.heavyTailed(ROWS * COLUMNS, 18), null);
  }

  private static void compare(Type type, float[] x, float[] importance) {
    Ggml ggml = new Ggml(AssumedLlamaCpp.library());
    byte[] expected = ggml.quantize(type.ggml, x, ROWS, COLUMNS, importance);
    byte[] actual = IqRows.encode(type.format, x, ROWS, COLUMNS, importance);
    assertThat(Arrays.mismatch(actual, expected)).isEqualTo(-1);
  }

  /// ggml's IQ3_S moves what follows an all-zero group of 32 to that group's place; this encoder
  /// does not.
  @Test
  void aZeroGroupInTheMiddleDoesNotMoveTheNext() {
    float[] x = IqRows.gaussian(256, 1, 19);
    Arrays.fill(x, 64, 96, 0);
    float[] decoded = IqRows.decode(new Iq3S(), IqRows.encode(new Iq3S(), x, 1, 256, null));
    double error = 0;
    double energy = 0;
    for (int i = 96; i < 256; i++) {
      error += (x[i] - decoded[i]) * (x[i] - decoded[i]);
      energy += x[i] * x[i];
    }
    assertThat(error / energy).isLessThan(0.03);
  }

  /// Each sees the importance of its own columns only.
  @ParameterizedTest
  @EnumSource
  void givesGgmlsBytesWhereImportanceIsZero(Type type) {
    float[] importance = IqRows.importance(COLUMNS, 1, 23);
    Arrays.fill(importance, 32, 96, 0);
    Arrays.fill(importance, 256, 512, 0);
    compare(type, IqRows.gaussian(ROWS * COLUMNS, 0.05, 24), importance);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"IQ1_S", "IQ1_M"})
  void everyCodeSurvivesPacking(Type type) {
    byte[] bytes = new byte[64 * type.format.layout().bytes()];
    new java.util.Random(20).nextBytes(bytes);
    GridFormat format = (GridFormat) type.format;
    GridCodes codes = GridCodes.of(64 * 256, format.shape());
    byte[] again = new byte[bytes.length];
    for (int block = 0; block < 64; block++) {
      long at = (long) block * format.layout().bytes();
      format.read(java.lang.foreign.MemorySegment.ofArray(bytes), at, codes, block);
      format.write(codes, block, java.lang.foreign.MemorySegment.ofArray(again), at);
    }
    assertThat(again).isEqualTo(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void zeroWeightsAreZeroBlocks(Type type) {
    byte[] bytes =
        IqRows.encode(type.format, new float[512], 1, 512, IqRows.importance(512, 1, 21));
    assertThat(bytes).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatItCannotEncode(Type type) {
    float[] one = IqRows.importance(256, 0, 22);
    refuses(type, new float[300], 300, IqRows.importance(300, 0, 22), "300");
    refuses(type, new float[256], 256, new float[255], "255");
    float[] negative = one.clone();
    negative[7] = -1;
    refuses(type, new float[256], 256, negative, "column 7");
    float[] nan = new float[256];
    nan[9] = Float.NaN;
    refuses(type, nan, 256, one, "column 9");
    float[] huge = new float[256];
    huge[9] = 1e9f;
    refuses(type, huge, 256, one, "too large");
    if (type.format.requiresImportance()) {
      refuses(type, new float[256], 256, null, "importance");
    }
  }

  private static void refuses(Type type, float[] x, int columns, float[] importance, String named) {
    assertThatThrownBy(() -> type.format.fit(x, 0, 1, columns, importance))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(type.name())
        .hasMessageContaining(named);
  }
}
