package halftone.kernel;

import halftone.numeric.AffineSearch;
import halftone.numeric.Lanes;
import halftone.numeric.ScaleTrials;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Trials of scale searches with a group in each lane: all trials of some groups before the next
/// groups, so that their weights stay in the nearest cache and all sums in registers. Each lane
/// does what the plain loops do, in their order, without fusing products and sums.
///
/// Codes are kept inside their range as integers: of floats to which [#MAGIC] was added the bits
/// rise with the value, and comparing floats would heed NaN and both zeros.
public final class VectorTrials implements ScaleTrials {
  private static final VectorSpecies<Float> LANES = MicroKernel.LANES;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, LANES.vectorShape());
  private static final int L = LANES.length();

  /// Adding it leaves an integer in the low bits, ties to even.
  private static final float MAGIC = 0x1.8p23f;

  private static final int ZERO = Float.floatToRawIntBits(MAGIC);

  /// Numbers that are kept of each weight.
  private static final int KINDS = 3;

  /// Trials of a symmetric search to both sides of the first.
  private static final int REACH = 9;

  @Override
  public void affine(AffineSearch search, Lanes groups) {
    float[] room = new float[KINDS * groups.elements() * L];
    float[] extents = new float[search.steps() + 1];
    for (int k = 0; k < extents.length; k++) {
      extents[k] = search.extent(k);
    }
    for (int at = 0; at < groups.padded(); at += L) {
      affine(search.maxCode(), search.absolute(), extents, groups, at, room);
    }
  }

  /// In the loops there is nothing but the JDK's methods: the compiler inlines no other into a body
  /// of this size.
  ///
  /// @param room for x, w and the code on trial of some groups, one behind the other
  private static void affine(
      int maxCode, boolean absolute, float[] extents, Lanes g, int at, float[] room) {
    float[][] xs = g.x();
    float[][] ws = g.w();
    for (int i = 0; i < xs.length; i++) {
      FloatVector.fromArray(LANES, xs[i], at).intoArray(room, KINDS * L * i);
      FloatVector.fromArray(LANES, ws[i], at).intoArray(room, KINDS * L * i + L);
    }
    FloatVector max = FloatVector.fromArray(LANES, g.max(), at);
    FloatVector sumW = FloatVector.fromArray(LANES, g.sumW(), at);
    FloatVector sumX = FloatVector.fromArray(LANES, g.sumX(), at);
    FloatVector min = FloatVector.fromArray(LANES, g.min(), at);
    FloatVector best = FloatVector.fromArray(LANES, g.best(), at);
    FloatVector scale = FloatVector.fromArray(LANES, g.scale(), at);
    FloatVector inverse = FloatVector.fromArray(LANES, g.inverse(), at);
    FloatVector base = FloatVector.fromArray(LANES, g.base(), at);
    IntVector highest = IntVector.broadcast(INTS, ZERO + maxCode);
    for (float extent : extents) {
      FloatVector trial = FloatVector.broadcast(LANES, extent).div(max.sub(min));
      FloatVector sumL = FloatVector.zero(LANES);
      FloatVector sumL2 = FloatVector.zero(LANES);
      FloatVector sumLx = FloatVector.zero(LANES);
      for (int i = 0; i < room.length; i += KINDS * L) {
        FloatVector x = FloatVector.fromArray(LANES, room, i);
        FloatVector w = FloatVector.fromArray(LANES, room, i + L);
        IntVector bits = trial.mul(x.sub(min)).add(MAGIC).reinterpretAsInts();
        FloatVector code = bits.max(ZERO).min(highest).reinterpretAsFloats().sub(MAGIC);
        FloatVector wl = w.mul(code);
        code.intoArray(room, i + 2 * L);
        sumL = sumL.add(wl);
        sumL2 = sumL2.add(wl.mul(code));
        sumLx = sumLx.add(wl.mul(x));
      }
      FloatVector determinant = sumW.mul(sumL2).sub(sumL.mul(sumL));
      FloatVector trialScale = sumW.mul(sumLx).sub(sumX.mul(sumL)).div(determinant);
      FloatVector trialMin = sumL2.mul(sumX).sub(sumL.mul(sumLx)).div(determinant);
      VectorMask<Float> positive = trialMin.compare(VectorOperators.GT, 0f);
      trialMin = trialMin.blend(0f, positive);
      trialScale = trialScale.blend(sumLx.div(sumL2), positive);
      FloatVector error = FloatVector.zero(LANES);
      for (int i = 0; i < room.length; i += KINDS * L) {
        FloatVector x = FloatVector.fromArray(LANES, room, i);
        FloatVector w = FloatVector.fromArray(LANES, room, i + L);
        FloatVector e =
            trialScale.mul(FloatVector.fromArray(LANES, room, i + 2 * L)).add(trialMin).sub(x);
        error = error.add(absolute ? w.mul(e.abs()) : w.mul(e.mul(e)));
      }
      VectorMask<Float> better =
          error.compare(VectorOperators.LT, best).and(determinant.compare(VectorOperators.GT, 0f));
      best = best.blend(error, better);
      inverse = inverse.blend(trial, better);
      base = base.blend(min, better);
      scale = scale.blend(trialScale, better);
      min = min.blend(trialMin, better);
    }
    min.intoArray(g.min(), at);
    best.intoArray(g.best(), at);
    scale.intoArray(g.scale(), at);
    inverse.intoArray(g.inverse(), at);
    base.intoArray(g.base(), at);
  }

  @Override
  public void symmetric(int limit, Lanes groups) {
    float[] room = new float[KINDS * groups.elements() * L];
    for (int at = 0; at < groups.padded(); at += L) {
      symmetric(limit, groups, at, room);
    }
  }

  /// @param room for x, w and w·x of some groups, one behind the other
  private static void symmetric(int limit, Lanes g, int at, float[] room) {
    float[][] xs = g.x();
    float[][] ws = g.w();
    for (int i = 0; i < xs.length; i++) {
      FloatVector x = FloatVector.fromArray(LANES, xs[i], at);
      FloatVector w = FloatVector.fromArray(LANES, ws[i], at);
      x.intoArray(room, KINDS * L * i);
      w.intoArray(room, KINDS * L * i + L);
      w.mul(x).intoArray(room, KINDS * L * i + 2 * L);
    }
    FloatVector max = FloatVector.fromArray(LANES, g.max(), at);
    IntVector lowest = IntVector.broadcast(INTS, ZERO - limit);
    IntVector highest = IntVector.broadcast(INTS, ZERO + limit - 1);
    FloatVector scale = FloatVector.zero(LANES);
    FloatVector best = FloatVector.zero(LANES);
    FloatVector inverse = FloatVector.zero(LANES);
    for (int trials = 0; trials <= 2 * REACH; trials++) {
      int k = trials == 0 ? 0 : trials <= REACH ? trials - REACH - 1 : trials - REACH;
      float extent = trials == 0 ? limit : limit + 0.1f * k;
      FloatVector trial = FloatVector.broadcast(LANES, -extent).div(max);
      FloatVector sumLx = FloatVector.zero(LANES);
      FloatVector sumL2 = FloatVector.zero(LANES);
      for (int i = 0; i < room.length; i += KINDS * L) {
        FloatVector x = FloatVector.fromArray(LANES, room, i);
        FloatVector w = FloatVector.fromArray(LANES, room, i + L);
        IntVector bits = trial.mul(x).add(MAGIC).reinterpretAsInts();
        FloatVector code = bits.max(lowest).min(highest).reinterpretAsFloats().sub(MAGIC);
        sumLx = sumLx.add(FloatVector.fromArray(LANES, room, i + 2 * L).mul(code));
        sumL2 = sumL2.add(w.mul(code).mul(code));
      }
      FloatVector fitted = sumLx.div(sumL2);
      VectorMask<Float> better;
      if (trials == 0) {
        better = sumL2.compare(VectorOperators.NE, 0f);
        inverse = trial;
      } else {
        better =
            sumLx
                .mul(sumLx)
                .compare(VectorOperators.GT, best.mul(sumL2))
                .and(sumL2.compare(VectorOperators.GT, 0f));
        inverse = inverse.blend(trial, better);
      }
      scale = scale.blend(fitted, better);
      best = best.blend(fitted.mul(sumLx), better);
    }
    scale.intoArray(g.scale(), at);
    inverse.intoArray(g.inverse(), at);
    best.intoArray(g.best(), at);
  }
}
