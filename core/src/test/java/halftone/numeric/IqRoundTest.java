package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Rounding to the nearest entry under stored scales, against trying every entry and every sign.
class IqRoundTest {
  private static final int ROWS = 8;
  private static final int COLUMNS = 512;

  @ParameterizedTest
  @EnumSource(IqEncodeTest.Type.class)
  void reportsWhatThePackedRowsDecodeTo(IqEncodeTest.Type type) {
    float[] x = IqRows.gaussian(ROWS * COLUMNS, 0.05, 31);
    FittedRows fitted = fitted(type, x);
    float[] wanted = IqRows.gaussian(ROWS * COLUMNS, 0.06, 32);
    float[] reported = roundAll(fitted, wanted);
    byte[] bytes = new byte[(int) type.format.layout().bytesOf(ROWS * COLUMNS)];
    fitted.pack(MemorySegment.ofArray(bytes), 0);
    assertThat(reported).isEqualTo(IqRows.decode(type.format, bytes));
  }

  @ParameterizedTest
  @EnumSource(
      value = IqEncodeTest.Type.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"IQ1_S", "IQ1_M"})
  void roundsToTheNearestEntries(IqEncodeTest.Type type) {
    float[] x = IqRows.gaussian(ROWS * COLUMNS, 0.05, 33);
    FittedRows fitted = fitted(type, x);
    byte[] bytes = new byte[(int) type.format.layout().bytesOf(ROWS * COLUMNS)];
    fitted.pack(MemorySegment.ofArray(bytes), 0);
    float[] rounded = roundAll(fitted, x);
    GridFormat format = (GridFormat) type.format;
    byte[] points = format.shape().codebook().readPoints();
    double actual = 0;
    double least = 0;
    int equal = 0;
    for (int at = 0; at < x.length; at += 8) {
      double error = 0;
      for (int i = at; i < at + 8; i++) {
        error += Math.pow(x[i] - rounded[i], 2);
      }
      double best = leastError(format, points, bytes, x, at);
      actual += error;
      least += best;
      equal += error <= best * (1 + 1e-4) ? 1 : 0;
    }
    boolean exact = !format.shape().evenSigns();
    assertThat(actual).isLessThanOrEqualTo(least * (exact ? 1 + 1e-5 : 1.01));
    assertThat(8.0 * equal / x.length).isGreaterThanOrEqualTo(exact ? 1 : 0.95);
  }

  @ParameterizedTest
  @EnumSource(IqEncodeTest.Type.class)
  void leavesDecodedValuesWhereTheyAre(IqEncodeTest.Type type) {
    float[] x = IqRows.gaussian(ROWS * COLUMNS, 0.05, 34);
    FittedRows fitted = fitted(type, x);
    byte[] bytes = new byte[(int) type.format.layout().bytesOf(ROWS * COLUMNS)];
    fitted.pack(MemorySegment.ofArray(bytes), 0);
    float[] decoded = IqRows.decode(type.format, bytes);
    assertThat(roundAll(fitted, decoded)).isEqualTo(decoded);
    byte[] again = new byte[bytes.length];
    fitted.pack(MemorySegment.ofArray(again), 0);
    assertThat(again).isEqualTo(bytes);
  }

  @Test
  void arityIsFourWhereSignsAreFreeAndEntriesShort() {
    for (IqEncodeTest.Type type : IqEncodeTest.Type.values()) {
      int expected = type == IqEncodeTest.Type.IQ3_S ? 4 : 8;
      assertThat(fitted(type, new float[ROWS * COLUMNS]).arity()).isEqualTo(expected);
      assertThat(type.format.arity()).isEqualTo(expected);
    }
  }

  private static FittedRows fitted(IqEncodeTest.Type type, float[] x) {
    return type.format.fit(x, 0, ROWS, COLUMNS, IqRows.importance(COLUMNS, 1, 35));
  }

  /// Rounds row-major values and returns what they decode to, row-major.
  private static float[] roundAll(FittedRows fitted, float[] x) {
    int arity = fitted.arity();
    float[] wanted = new float[arity * ROWS];
    float[] rounded = new float[arity * ROWS];
    float[] all = new float[x.length];
    for (int column = 0; column < COLUMNS; column += arity) {
      for (int i = 0; i < wanted.length; i++) {
        wanted[i] = x[i % ROWS * COLUMNS + column + i / ROWS];
      }
      fitted.round(column, wanted, rounded);
      for (int i = 0; i < wanted.length; i++) {
        all[i % ROWS * COLUMNS + column + i / ROWS] = rounded[i];
      }
    }
    return all;
  }

  /// The least squared error of the eight values from `x[at]`, over all entries and all legal signs
  /// that flip at most one.
  private static double leastError(
      GridFormat format, byte[] points, byte[] bytes, float[] x, int at) {
    GridShape shape = format.shape();
    GridCodes codes = GridCodes.of(256, shape);
    format.read(MemorySegment.ofArray(bytes), at / 256L * format.layout().bytes(), codes, 0);
    float d = Float.float16ToFloat(codes.halves()[0]) * shape.unit();
    float scale = d * (2 * codes.scales()[at % 256 / shape.group()] + 1);
    int minus = 0;
    for (int i = at; i < at + 8; i++) {
      minus += x[i] < 0 ? 1 : 0;
    }
    if (!shape.evenSigns() || minus % 2 == 0) {
      return leastError(shape, points, scale, x, at, -1);
    }
    double least = Double.POSITIVE_INFINITY;
    for (int flipped = at; flipped < at + 8; flipped++) {
      least = Math.min(least, leastError(shape, points, scale, x, at, flipped));
    }
    return least;
  }

  private static double leastError(
      GridShape shape, byte[] points, float scale, float[] x, int at, int flipped) {
    int arity = shape.codebook().arity();
    double sum = 0;
    for (int from = at; from < at + 8; from += arity) {
      double least = Double.POSITIVE_INFINITY;
      for (int point = 0; point < points.length; point += arity) {
        double error = 0;
        for (int j = 0; j < arity; j++) {
          double magnitude = from + j == flipped ? -Math.abs(x[from + j]) : Math.abs(x[from + j]);
          error += Math.pow(magnitude - scale * points[point + j], 2);
        }
        least = Math.min(least, error);
      }
      sum += least;
    }
    return sum;
  }
}
