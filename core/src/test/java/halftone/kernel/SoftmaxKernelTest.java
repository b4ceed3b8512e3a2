package halftone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class SoftmaxKernelTest {
  private static final List<SoftmaxKernel> KERNELS =
      List.of(
          new SoftmaxKernelVector(FloatVector.SPECIES_64),
          new SoftmaxKernelVector(FloatVector.SPECIES_128),
          new SoftmaxKernelVector(FloatVector.SPECIES_256),
          new SoftmaxKernelVector(FloatVector.SPECIES_512),
          SoftmaxKernel.fastest());
  private static final int[] SIZES = {1, 7, 15, 16, 17, 31, 511, 512, 513, 1031, 49152};
  private final SoftmaxKernel reference = new SoftmaxKernelScalar();

  @Test
  void everyVectorWidthGivesTheBitsOfTheScalarReference() {
    for (SoftmaxKernel kernel : KERNELS) {
      for (int size : SIZES) {
        agrees(kernel, size);
      }
    }
  }

  private void agrees(SoftmaxKernel kernel, int size) {
    float[] p = row(size + 3, size);
    float[] q = row(size + 3, size + 1);
    float max = kernel.max(p, 3, size);
    float maxQ = kernel.max(q, 2, size);
    assertThat(max).isEqualTo(reference.max(p, 3, size));
    assertThat(kernel.argmax(p, 3, size)).isEqualTo(reference.argmax(p, 3, size));
    assertThat(kernel.sumExp(p, 3, size, max)).isEqualTo(reference.sumExp(p, 3, size, max));
    assertThat(kernel.divergence(p, 3, max, q, 2, maxQ, size, -6f))
        .isEqualTo(reference.divergence(p, 3, max, q, 2, maxQ, size, -6f));
  }

  @Test
  void exponentialIsWithinTwoRoundings() {
    for (float x = 0f; x > -86f; x -= 0.0137f) {
      double exact = Math.exp(x);
      assertThat(ExponentialScalar.of(x) / exact).isCloseTo(1.0, within(2e-7));
    }
    assertThat(ExponentialScalar.of(0f)).isEqualTo(1f);
    assertThat(ExponentialScalar.of(Float.NEGATIVE_INFINITY)).isBetween(0f, 2e-38f);
  }

  @Test
  void sumsMatchDoubleArithmetic() {
    float[] p = row(49152, 5);
    float[] q = row(49152, 6);
    float maxP = reference.max(p, 0, p.length);
    float maxQ = reference.max(q, 0, q.length);
    double sum = 0;
    double weighted = 0;
    for (int i = 0; i < p.length; i++) {
      double e = Math.exp(p[i] - maxP);
      sum += e;
      weighted += e * ((double) (p[i] - maxP) - (q[i] - maxQ));
    }
    assertThat(reference.sumExp(p, 0, p.length, maxP) / sum).isCloseTo(1.0, within(1e-7));
    SoftmaxKernel.Divergence divergence =
        reference.divergence(p, 0, maxP, q, 0, maxQ, p.length, Float.NEGATIVE_INFINITY);
    assertThat(divergence.weighted() / sum).isCloseTo(weighted / sum, within(1e-6));
    assertThat(divergence.mass() / sum).isCloseTo(1.0, within(1e-7));
  }

  @Test
  void aNotANumberShowsInTheMaximum() {
    float[] row = row(100, 9);
    row[77] = Float.NaN;
    for (SoftmaxKernel kernel : KERNELS) {
      assertThat(kernel.max(row, 0, 100)).isNaN();
    }
  }

  private static float[] row(int count, long seed) {
    Random random = new Random(seed);
    float[] row = new float[count];
    for (int i = 0; i < count; i++) {
      row[i] = (float) (random.nextGaussian() * 4);
    }
    return row;
  }
}
