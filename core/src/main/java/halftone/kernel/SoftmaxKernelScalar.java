package halftone.kernel;

/// The reference: one element after the other, in the order that [SoftmaxKernel] fixes.
public record SoftmaxKernelScalar() implements SoftmaxKernel {
  @Override
  public float max(float[] values, int at, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, values[at + i]);
    }
    return max;
  }

  @Override
  public double sumExp(float[] values, int at, int count, float max) {
    LaneSums sums = new LaneSums();
    for (int i = 0; i < count; i++) {
      sums.add(i, count, Exponential.of(values[at + i] - max));
    }
    return sums.total();
  }

  @Override
  public Divergence divergence(
      float[] p, int atP, float maxP, float[] q, int atQ, int count, float cut) {
    LaneSums weighted = new LaneSums();
    LaneSums mass = new LaneSums();
    for (int i = 0; i < count; i++) {
      float x = p[atP + i] - maxP;
      float e = x > cut ? Exponential.of(x) : 0f;
      weighted.add(i, count, e, x > cut ? p[atP + i] - q[atQ + i] : 0f);
      mass.add(i, count, e);
    }
    return new Divergence(weighted.total(), mass.total());
  }

  @Override
  public int indexOf(float[] values, int at, int count, float value) {
    for (int i = 0; i < count; i++) {
      if (values[at + i] == value) {
        return i;
      }
    }
    return -1;
  }
}
