package halftone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SoftmaxKernelTest {
  private static final int[] SIZES = {1, 7, 15, 16, 17, 31, 511, 512, 513, 1031, 49152};
  private final SoftmaxKernel reference = new SoftmaxKernelScalar();
  private final SoftmaxKernel kernel = SoftmaxKernel.fastest();

  @Test
  void vectorsGiveTheBitsOfTheScalarReference() {
    for (int size : SIZES) {
      agrees(kernel, size);
    }
  }

  /// A machine's vector width is fixed when it starts, so narrower ones take processes of their
  /// own.
  @Test
  void everyVectorWidthGivesTheBitsOfTheScalarReference() throws Exception {
    for (int bytes : new int[] {16, 32}) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--add-modules",
                  "jdk.incubator.vector",
                  "-XX:MaxVectorSize=" + bytes,
                  "-cp",
                  System.getProperty("java.class.path"),
                  SoftmaxKernelWidth.class.getName())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isZero();
      assertThat(printed.strip())
          .isEqualTo(bytes / 4 + " lanes " + SoftmaxKernelWidth.fingerprint(reference));
    }
  }

  private void agrees(SoftmaxKernel kernel, int size) {
    float[] p = row(size + 3, size);
    float[] q = row(size + 3, size + 1);
    float max = kernel.max(p, 3, size);
    assertThat(max).isEqualTo(reference.max(p, 3, size));
    assertThat(kernel.indexOf(p, 3, size, max)).isEqualTo(reference.indexOf(p, 3, size, max));
    assertThat(p[3 + kernel.indexOf(p, 3, size, max)]).isEqualTo(max);
    assertThat(kernel.indexOf(p, 3, size, max + 1)).isEqualTo(-1);
    assertThat(kernel.sumExp(p, 3, size, max)).isEqualTo(reference.sumExp(p, 3, size, max));
    assertThat(kernel.divergence(p, 3, max, q, 2, size, -6f))
        .isEqualTo(reference.divergence(p, 3, max, q, 2, size, -6f));
  }

  @Test
  void exponentialIsWithinTwoRoundings() {
    for (float x = 0f; x > -86f; x -= 0.0137f) {
      double exact = Math.exp(x);
      assertThat(Exponential.of(x) / exact).isCloseTo(1.0, within(2e-7));
    }
    assertThat(Exponential.of(0f)).isEqualTo(1f);
    assertThat(Exponential.of(Float.NEGATIVE_INFINITY)).isBetween(0f, 2e-38f);
  }

  @Test
  void sumsMatchDoubleArithmetic() {
    float[] p = row(49152, 5);
    float[] q = row(49152, 6);
    float maxP = reference.max(p, 0, p.length);
    double sum = 0;
    double weighted = 0;
    for (int i = 0; i < p.length; i++) {
      double e = Math.exp(p[i] - maxP);
      sum += e;
      weighted += e * ((double) p[i] - q[i]);
    }
    assertThat(reference.sumExp(p, 0, p.length, maxP) / sum).isCloseTo(1.0, within(1e-7));
    SoftmaxKernel.Divergence divergence =
        reference.divergence(p, 0, maxP, q, 0, p.length, Float.NEGATIVE_INFINITY);
    assertThat(divergence.weighted() / weighted).isCloseTo(1.0, within(3e-7));
    assertThat(divergence.mass() / sum).isCloseTo(1.0, within(1e-7));
  }

  @Test
  void aNotANumberShowsInTheMaximum() {
    float[] row = row(100, 9);
    row[77] = Float.NaN;
    assertThat(kernel.max(row, 0, 100)).isNaN();
    assertThat(reference.max(row, 0, 100)).isNaN();
  }

  static float[] row(int count, long seed) {
    Random random = new Random(seed);
    float[] row = new float[count];
    for (int i = 0; i < count; i++) {
      row[i] = (float) (random.nextGaussian() * 4);
    }
    return row;
  }
}
