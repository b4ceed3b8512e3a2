package halftone.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The same on vectors of up to 16 lanes. A narrower machine walks the row once for each group of
/// lanes, so that every lane sums the same elements in the same order at any vector width.
public record SoftmaxKernelVector() implements SoftmaxKernel {
  private static final VectorSpecies<Float> SPECIES = MicroKernel.LANES;

  @Override
  public float max(float[] values, int at, int count) {
    FloatVector most = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    int whole = SPECIES.loopBound(count);
    for (int i = 0; i < whole; i += SPECIES.length()) {
      most = most.max(FloatVector.fromArray(SPECIES, values, at + i));
    }
    float max = most.reduceLanes(VectorOperators.MAX);
    for (int i = whole; i < count; i++) {
      max = Math.max(max, values[at + i]);
    }
    return max;
  }

  @Override
  public double sumExp(float[] values, int at, int count, float max) {
    double[] lanes = new double[LANES];
    int whole = count - count % LANES;
    for (int group = 0; group < LANES; group += SPECIES.length()) {
      for (int from = 0; from < whole; from += STEPS * LANES) {
        int to = Math.min(whole, from + STEPS * LANES);
        empty(expBlock(values, at + group, from, to, max), lanes, group);
      }
    }
    for (int i = whole; i < count; i++) {
      lanes[i - whole] += Exponential.of(values[at + i] - max);
    }
    return LaneSums.tree(lanes);
  }

  private FloatVector expBlock(float[] values, int at, int from, int to, float max) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = from; i < to; i += LANES) {
      sum = sum.add(Exponential.of(FloatVector.fromArray(SPECIES, values, at + i).sub(max)));
    }
    return sum;
  }

  @Override
  public Divergence divergence(
      float[] p, int atP, float maxP, float[] q, int atQ, int count, float cut) {
    double[] weighted = new double[LANES];
    double[] mass = new double[LANES];
    int whole = count - count % LANES;
    for (int group = 0; group < LANES; group += SPECIES.length()) {
      for (int from = 0; from < whole; from += STEPS * LANES) {
        int to = Math.min(whole, from + STEPS * LANES);
        FloatVector crossed = FloatVector.zero(SPECIES);
        FloatVector weight = FloatVector.zero(SPECIES);
        for (int i = from + group; i < to + group; i += LANES) {
          FloatVector value = FloatVector.fromArray(SPECIES, p, atP + i);
          FloatVector difference = value.sub(FloatVector.fromArray(SPECIES, q, atQ + i));
          FloatVector x = value.sub(maxP);
          VectorMask<Float> kept = x.compare(VectorOperators.GT, cut);
          FloatVector e = FloatVector.zero(SPECIES).blend(Exponential.of(x), kept);
          crossed = e.fma(FloatVector.zero(SPECIES).blend(difference, kept), crossed);
          weight = weight.add(e);
        }
        empty(crossed, weighted, group);
        empty(weight, mass, group);
      }
    }
    for (int i = whole; i < count; i++) {
      float x = p[atP + i] - maxP;
      float e = x > cut ? Exponential.of(x) : 0f;
      weighted[i - whole] += Math.fma(e, x > cut ? p[atP + i] - q[atQ + i] : 0f, 0f);
      mass[i - whole] += e;
    }
    return new Divergence(LaneSums.tree(weighted), LaneSums.tree(mass));
  }

  @Override
  public int indexOf(float[] values, int at, int count, float value) {
    int whole = SPECIES.loopBound(count);
    for (int i = 0; i < whole; i += SPECIES.length()) {
      VectorMask<Float> equal =
          FloatVector.fromArray(SPECIES, values, at + i).compare(VectorOperators.EQ, value);
      if (equal.anyTrue()) {
        return i + equal.firstTrue();
      }
    }
    for (int i = whole; i < count; i++) {
      if (values[at + i] == value) {
        return i;
      }
    }
    return -1;
  }

  private static void empty(FloatVector sums, double[] lanes, int group) {
    float[] floats = sums.toArray();
    for (int lane = 0; lane < floats.length; lane++) {
      lanes[group + lane] += floats[lane];
    }
  }
}
