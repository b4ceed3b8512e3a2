package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Ggml;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// What IQ1_S and IQ1_M have of their own beside the other grid types.
class Iq1Test {
  private static final Iq1Format[] FORMATS = {new Iq1S(), new Iq1M()};

  @ParameterizedTest
  @FieldSource("FORMATS")
  void everyCodeSurvivesPacking(Iq1Format format) {
    byte[] bytes = new byte[64 * format.layout().bytes()];
    new Random(20).nextBytes(bytes);
    Iq1Codes codes = Iq1Codes.of(64 * 256, format.group());
    byte[] again = new byte[bytes.length];
    for (int block = 0; block < 64; block++) {
      long at = (long) block * format.layout().bytes();
      format.read(MemorySegment.ofArray(bytes), at, codes, block);
      format.write(codes, block, MemorySegment.ofArray(again), at);
    }
    assertThat(again).isEqualTo(bytes);
  }

  /// Equal weights meet different importance: their order decides, and ggml's is stable.
  @ParameterizedTest
  @FieldSource("FORMATS")
  void givesGgmlsBytesOnACoarseLattice(Iq1Format format) {
    Ggml ggml = new Ggml(AssumedLlamaCpp.library());
    float[] x = IqRows.gaussian(48 * 512, 1.5, 51);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) Math.rint(x[i]) / 8;
    }
    float[] importance = IqRows.importance(512, 1, 52);
    int type = format.group() == 32 ? 19 : 29;
    assertThat(IqRows.encode(format, x, 48, 512, importance))
        .isEqualTo(ggml.quantize(type, x, 48, 512, importance));
  }

  /// Against all entries under the stored shift, or both shifts where each eight have their own.
  @ParameterizedTest
  @FieldSource("FORMATS")
  void roundsToTheNearestOfAllEntries(Iq1Format format) {
    float[] x = IqRows.heavyTailed(256, 33);
    FittedRows fitted = format.fit(x, 0, 1, 256, IqRows.importance(256, 1, 35));
    Iq1Codes codes = ((Iq1Rows) fitted).codes();
    float[] wanted = new float[8];
    float[] rounded = new float[8];
    for (int column = 0; column < 256; column += 8) {
      System.arraycopy(x, column, wanted, 0, 8);
      float d = Float.float16ToFloat(codes.halves()[0]);
      float scale = d * (2 * codes.scales()[column / format.group()] + 1);
      double least = leastError(wanted, scale, codes.minus()[column / 8]);
      if (format.shiftsByEntry()) {
        least = Math.min(least, leastError(wanted, scale, 1 - codes.minus()[column / 8]));
      }
      fitted.round(column, wanted, rounded);
      double error = 0;
      for (int j = 0; j < 8; j++) {
        error += Math.pow(wanted[j] - rounded[j], 2);
      }
      assertThat(error).isLessThanOrEqualTo(least * (1 + 1e-5));
    }
  }

  private static double leastError(float[] wanted, float scale, int minus) {
    float[] values = Iq1Points.values(minus);
    double least = Double.POSITIVE_INFINITY;
    for (int entry = 0; entry < 2048; entry++) {
      double error = 0;
      for (int j = 0; j < 8; j++) {
        error += Math.pow(wanted[j] - scale * values[8 * entry + j], 2);
      }
      least = Math.min(least, error);
    }
    return least;
  }

  @Test
  void theTwoHaveTheSizesOfTheCard() {
    assertThat(new Iq1S().layout().bitsPerWeight()).isEqualTo(1.5625);
    assertThat(new Iq1M().layout().bitsPerWeight()).isEqualTo(1.75);
  }
}
