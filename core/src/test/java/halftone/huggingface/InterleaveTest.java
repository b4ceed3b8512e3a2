package halftone.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The order that llama's rows of queries and keys are brought into.
class InterleaveTest {
  /// Halves rotated together before, neighbours after: the same scores.
  @Test
  void interleavingChangesNoAttentionScore() {
    Random random = new Random(3);
    for (int headSize : new int[] {2, 6, 64, 128}) {
      Change.Interleave interleave = new Change.Interleave(headSize);
      double[] q = random.doubles(headSize, -1, 1).toArray();
      double[] k = random.doubles(headSize, -1, 1).toArray();
      double before = score(halves(q, 5), halves(k, 2));
      double after =
          score(neighbours(order(q, interleave), 5), neighbours(order(k, interleave), 2));
      assertThat(after).isCloseTo(before, org.assertj.core.data.Offset.offset(1e-12));
    }
  }

  @Test
  void interleavingReordersEveryHeadWithinItself() {
    Change.Interleave interleave = new Change.Interleave(10);
    List<Long> order =
        java.util.stream.LongStream.range(10, 20).map(interleave.order()).boxed().toList();
    assertThat(order).containsExactly(10L, 15L, 11L, 16L, 12L, 17L, 13L, 18L, 14L, 19L);
  }

  private static double[] order(double[] x, Change.Interleave interleave) {
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = x[(int) interleave.order().applyAsLong(i)];
    }
    return out;
  }

  private static double[] halves(double[] x, int position) {
    return rotate(x, position, 1, x.length / 2);
  }

  private static double[] neighbours(double[] x, int position) {
    return rotate(x, position, 2, 1);
  }

  private static double[] rotate(double[] x, int position, int step, int apart) {
    double[] out = new double[x.length];
    for (int j = 0; j < x.length / 2; j++) {
      double angle = position * Math.pow(10_000, -2.0 * j / x.length);
      int a = j * step;
      int b = a + apart;
      out[a] = x[a] * Math.cos(angle) - x[b] * Math.sin(angle);
      out[b] = x[a] * Math.sin(angle) + x[b] * Math.cos(angle);
    }
    return out;
  }

  private static double score(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
