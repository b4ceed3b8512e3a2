package halftone.kernel;

import static halftone.kernel.MicroKernel.LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Σ x² of floats in float64, where each square is exact. Value i belongs to lane i mod 8; lanes
/// are added up by halves, so that the sum is the same with vectors of any width.
final class SquareSum {
  private static final int SUMS = 8;
  private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;

  /// A double of each of the eight, where vectors are that long, or of four.
  private static final VectorSpecies<Double> DOUBLES =
      LANES.vectorBitSize() == 512 ? DoubleVector.SPECIES_512 : DoubleVector.SPECIES_256;

  private SquareSum() {}

  /// Of the `count` values from `x[at]`.
  static double of(float[] x, int at, int count) {
    int whole = count / SUMS * SUMS;
    double sum =
        switch (LANES.vectorBitSize()) {
          case 512 -> inOneVector(x, at, whole);
          case 256 -> inTwoVectors(x, at, whole);
          default -> oneByOne(x, at, whole);
        };
    for (int i = at + whole; i < at + count; i++) {
      sum += (double) x[i] * x[i];
    }
    return sum;
  }

  private static double inOneVector(float[] x, int at, int count) {
    DoubleVector sum = DoubleVector.zero(DOUBLES);
    for (int i = at; i < at + count; i += SUMS) {
      FloatVector values = FloatVector.fromArray(EIGHT, x, i);
      DoubleVector wide = (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 0);
      sum = wide.fma(wide, sum);
    }
    double even = sum.lane(0) + sum.lane(4) + (sum.lane(2) + sum.lane(6));
    double odd = sum.lane(1) + sum.lane(5) + (sum.lane(3) + sum.lane(7));
    return even + odd;
  }

  private static double inTwoVectors(float[] x, int at, int count) {
    DoubleVector first = DoubleVector.zero(DOUBLES);
    DoubleVector last = DoubleVector.zero(DOUBLES);
    for (int i = at; i < at + count; i += SUMS) {
      FloatVector values = FloatVector.fromArray(EIGHT, x, i);
      DoubleVector low = (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector high = (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 1);
      first = low.fma(low, first);
      last = high.fma(high, last);
    }
    DoubleVector sum = first.add(last);
    return sum.lane(0) + sum.lane(2) + (sum.lane(1) + sum.lane(3));
  }

  /// The meaning of the others.
  static double oneByOne(float[] x, int at, int count) {
    double[] sums = new double[SUMS];
    for (int i = 0; i < count; i++) {
      sums[i % SUMS] += (double) x[at + i] * x[at + i];
    }
    return LaneSums.tree(sums);
  }
}
