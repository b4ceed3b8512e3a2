package halftone.kernel.trials;

import static halftone.kernel.trials.VectorTrials.ELEMENT;
import static halftone.kernel.trials.VectorTrials.L;
import static halftone.kernel.trials.VectorTrials.LANES;
import static halftone.kernel.trials.VectorTrials.ORDER;
import static halftone.kernel.trials.VectorTrials.VECTOR;

import halftone.numeric.Groups;
import halftone.numeric.ScaleTrials;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Trials of scales under which codes of four bits are places in a table, with a group in each lane
/// ([VectorTrials]).
final class UnevenTrials {
  private static final int ENTRIES = 16;

  /// Of each entry, in all lanes, the midpoint between it and the one before, and itself.
  private final float[] table = new float[2 * ENTRIES * L];

  private final float first;
  private final int reach;

  /// The inverses of the scales on trial, and sums of a trial.
  private final float[] trials;

  private final float[] sums = new float[2 * L];

  /// x and w of some groups, one behind the other.
  private final MemorySegment room;

  UnevenTrials(float[] entries, int reach, MemorySegment room) {
    if (entries.length != ENTRIES) {
      throw new IllegalArgumentException("a table of " + entries.length + " entries");
    }
    this.first = entries[0];
    this.reach = reach;
    this.trials = new float[(2 * reach + 2) * L];
    this.room = room;
    for (int code = 0; code < ENTRIES; code++) {
      float midpoint = code == 0 ? 0 : 0.5f * (entries[code - 1] + entries[code]);
      Arrays.fill(table, 2 * code * L, (2 * code + 1) * L, midpoint);
      Arrays.fill(table, (2 * code + 1) * L, 2 * (code + 1) * L, entries[code]);
    }
  }

  /// Fits the groups that are in the room.
  ///
  /// @param at the first of them
  void fit(Groups g, int at) {
    FloatVector max = FloatVector.zero(LANES);
    for (int i = 0; i < g.elements(); i++) {
      FloatVector x = FloatVector.fromMemorySegment(LANES, room, i * ELEMENT, ORDER);
      max = max.blend(x, x.abs().compare(VectorOperators.GT, max.abs()));
    }
    FloatVector.broadcast(LANES, 1).div(max.neg().div(first)).intoArray(trials, 0);
    for (int k = -reach; k <= reach; k++) {
      FloatVector.broadcast(LANES, k + first).div(max).intoArray(trials, (k + reach + 1) * L);
    }
    FloatVector scale = FloatVector.broadcast(LANES, Float.NaN);
    FloatVector best = FloatVector.broadcast(LANES, Float.NEGATIVE_INFINITY);
    for (int trial = 0; trial < trials.length; trial += L) {
      sum(table, trials, trial, room, g.elements(), sums);
      FloatVector sumLx = FloatVector.fromArray(LANES, sums, 0);
      FloatVector sumL2 = FloatVector.fromArray(LANES, sums, L);
      FloatVector fitted = sumLx.div(sumL2);
      VectorMask<Float> better =
          sumLx
              .mul(sumLx)
              .compare(VectorOperators.GT, best.mul(sumL2))
              .and(sumL2.compare(VectorOperators.GT, 0f));
      scale = scale.blend(fitted, better);
      best = best.blend(fitted.mul(sumLx), better);
    }
    VectorMask<Float> zero = max.abs().compare(VectorOperators.LT, ScaleTrials.TINY);
    scale.blend(0f, zero).intoMemorySegment(g.found(), Groups.place(at, Groups.SCALE), ORDER);
  }

  /// An entry is found by going up the table as long as its midpoints are not above. The way up is
  /// written out: as a loop within the loop it took six times as long in every second process.
  ///
  /// @param table of each entry, in all lanes, the midpoint between it and the one before, and
  ///   itself
  private static void sum(
      float[] table, float[] trials, int trial, MemorySegment room, int elements, float[] sums) {
    FloatVector inverse = FloatVector.fromArray(LANES, trials, trial);
    FloatVector lowest = FloatVector.fromArray(LANES, table, L);
    FloatVector sumLx = FloatVector.zero(LANES);
    FloatVector sumL2 = FloatVector.zero(LANES);
    for (int i = 0; i < elements; i++) {
      long from = i * ELEMENT;
      FloatVector x = FloatVector.fromMemorySegment(LANES, room, from, ORDER);
      FloatVector t = inverse.mul(x);
      FloatVector value = lowest;
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 3 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 2 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 5 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 4 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 7 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 6 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 9 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 8 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 11 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 10 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 13 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 12 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 15 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 14 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 17 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 16 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 19 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 18 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 21 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 20 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 23 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 22 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 25 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 24 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 27 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 26 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 29 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 28 * L)));
      value =
          value.blend(
              FloatVector.fromArray(LANES, table, 31 * L),
              t.compare(VectorOperators.GE, FloatVector.fromArray(LANES, table, 30 * L)));
      FloatVector wl = FloatVector.fromMemorySegment(LANES, room, from + VECTOR, ORDER).mul(value);
      sumLx = sumLx.add(wl.mul(x));
      sumL2 = sumL2.add(wl.mul(value));
    }
    sumLx.intoArray(sums, 0);
    sumL2.intoArray(sums, L);
  }
}
