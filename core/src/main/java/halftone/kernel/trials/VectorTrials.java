package halftone.kernel.trials;

import halftone.numeric.AffineSearch;
import halftone.numeric.BlockWriter;
import halftone.numeric.DirectBlock;
import halftone.numeric.GridLoops;
import halftone.numeric.GridSearch;
import halftone.numeric.GridSubject;
import halftone.numeric.Groups;
import halftone.numeric.NeighbourLanes;
import halftone.numeric.PlainTrials;
import halftone.numeric.ScaleTrials;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/// Scale searches with a group in each lane: all trials of some groups before the next groups, so
/// that their weights stay in the nearest cache and all sums in registers. Each lane does what the
/// plain loops do, in their order, without fusing products and sums.
///
/// Codes are kept inside their range as integers: of floats to which [#MAGIC] was added the bits
/// rise with the value, and comparing floats would heed NaN and both zeros.
final class VectorTrials implements ScaleTrials {
  static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, LANES.vectorShape());
  static final int L = LANES.length();

  /// Adding it leaves an integer in the low bits, ties to even.
  static final float MAGIC = 0x1.8p23f;

  private static final int ZERO = Float.floatToRawIntBits(MAGIC);

  /// As many as there are lanes. What the loops need of constants is read from arrays: a constant
  /// that the compiler knows it makes anew for every use, by a load of its own.
  private static final float[] MAGICS = new float[L];

  static {
    Arrays.fill(MAGICS, MAGIC);
  }

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /// Bytes of a vector, and of what is kept of an element: three of them.
  static final long VECTOR = L * (long) Float.BYTES;

  static final long ELEMENT = 3 * VECTOR;

  /// Trials of a symmetric search to both sides of the first.
  private static final int REACH = 9;

  /// In plain loops: what takes the time is the search before.
  @Override
  public void round(float[] x, float[] steps, float[] offsets, int least, int most, byte[] codes) {
    new PlainTrials().round(x, steps, offsets, least, most, codes);
  }

  @Override
  public @Nullable BlockWriter writer(DirectBlock kind) {
    return null;
  }

  @Override
  public GridSearch grid(GridSubject subject) {
    return L >= NeighbourLanes.WIDTH
        ? new GridLoops(subject, new VectorNeighbours(subject))
        : new PlainTrials().grid(subject);
  }

  @Override
  public void affine(AffineSearch search, Groups groups) {
    float[] extents = search.extents();
    int[] bounds = bounds(0, search.maxCode());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = room(arena, groups);
      for (int at = 0; at < groups.padded(); at += L) {
        load(groups, at, room);
        affine(bounds, search.absolute(), extents, groups, at, room);
      }
    }
  }

  /// In the loops there is nothing but the JDK's methods: the compiler inlines no other into a body
  /// of this size.
  ///
  /// @param extents that of the start, which is taken as it is, and those of the trials
  /// @param room for x, w and the code on trial of some groups, one behind the other
  private static void affine(
      int[] bounds, boolean absolute, float[] extents, Groups g, int at, MemorySegment room) {
    int elements = g.elements();
    FloatVector max = FloatVector.fromMemorySegment(LANES, room, 0, ORDER);
    FloatVector min = FloatVector.zero(LANES);
    FloatVector sumW = FloatVector.zero(LANES);
    FloatVector sumX = FloatVector.zero(LANES);
    for (int i = 0; i < elements; i++) {
      FloatVector x = FloatVector.fromMemorySegment(LANES, room, i * ELEMENT, ORDER);
      FloatVector w = FloatVector.fromMemorySegment(LANES, room, i * ELEMENT + VECTOR, ORDER);
      min = min.blend(x, x.compare(VectorOperators.LT, min));
      max = max.blend(x, x.compare(VectorOperators.GT, max));
      sumW = sumW.add(w);
      sumX = sumX.add(w.mul(x));
    }
    VectorMask<Float> flat = max.compare(VectorOperators.LE, min);
    FloatVector best = FloatVector.zero(LANES);
    FloatVector scale = FloatVector.zero(LANES);
    FloatVector inverse = FloatVector.zero(LANES);
    FloatVector base = min;
    FloatVector magic = FloatVector.fromArray(LANES, MAGICS, 0);
    IntVector lowest = IntVector.fromArray(INTS, bounds, 0);
    IntVector highest = IntVector.fromArray(INTS, bounds, L);
    for (int k = 0; k < extents.length; k++) {
      FloatVector trial = FloatVector.broadcast(LANES, extents[k]).div(max.sub(min));
      FloatVector sumL = FloatVector.zero(LANES);
      FloatVector sumL2 = FloatVector.zero(LANES);
      FloatVector sumLx = FloatVector.zero(LANES);
      for (int i = 0; i < elements; i++) {
        long from = i * ELEMENT;
        FloatVector x = FloatVector.fromMemorySegment(LANES, room, from, ORDER);
        FloatVector w = FloatVector.fromMemorySegment(LANES, room, from + VECTOR, ORDER);
        IntVector bits = trial.mul(x.sub(min)).add(magic).reinterpretAsInts();
        FloatVector code = bits.max(lowest).min(highest).reinterpretAsFloats().sub(magic);
        FloatVector wl = w.mul(code);
        code.intoMemorySegment(room, from + 2 * VECTOR, ORDER);
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
      VectorMask<Float> start = FloatVector.broadcast(LANES, k).compare(VectorOperators.EQ, 0f);
      trialMin = trialMin.blend(min, start);
      trialScale = trialScale.blend(FloatVector.broadcast(LANES, 1).div(trial), start);
      FloatVector error = FloatVector.zero(LANES);
      for (int i = 0; i < elements; i++) {
        long from = i * ELEMENT;
        FloatVector x = FloatVector.fromMemorySegment(LANES, room, from, ORDER);
        FloatVector w = FloatVector.fromMemorySegment(LANES, room, from + VECTOR, ORDER);
        FloatVector e =
            trialScale
                .mul(FloatVector.fromMemorySegment(LANES, room, from + 2 * VECTOR, ORDER))
                .add(trialMin)
                .sub(x);
        error = error.add(absolute ? w.mul(e.abs()) : w.mul(e.mul(e)));
      }
      // A flat group accepts no trial.
      error = error.blend(-1f, start.and(flat));
      VectorMask<Float> better =
          error
              .compare(VectorOperators.LT, best)
              .and(determinant.compare(VectorOperators.GT, 0f))
              .or(start);
      best = best.blend(error, better);
      inverse = inverse.blend(trial, better);
      base = base.blend(min, better);
      scale = scale.blend(trialScale, better);
      min = min.blend(trialMin, better);
    }
    MemorySegment found = g.found();
    scale.blend(0f, flat).intoMemorySegment(found, Groups.place(at, Groups.SCALE), ORDER);
    min.intoMemorySegment(found, Groups.place(at, Groups.MIN), ORDER);
    inverse.blend(0f, flat).intoMemorySegment(found, Groups.place(at, Groups.INVERSE), ORDER);
    base.intoMemorySegment(found, Groups.place(at, Groups.BASE), ORDER);
  }

  @Override
  public void symmetric(int limit, Groups groups) {
    int[] bounds = bounds(-limit, limit - 1);
    float[] extents = symmetricExtents(limit);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = room(arena, groups);
      for (int at = 0; at < groups.padded(); at += L) {
        load(groups, at, room);
        symmetric(bounds, extents, groups, at, room);
      }
    }
  }

  /// What the largest weight becomes in each trial: minus the limit first, as a negative scale
  /// makes the most of the range.
  static float[] symmetricExtents(int limit) {
    float[] extents = new float[2 * REACH + 1];
    extents[0] = -limit;
    for (int k = 1; k <= REACH; k++) {
      extents[REACH + 1 - k] = -(limit + 0.1f * -k);
      extents[REACH + k] = -(limit + 0.1f * k);
    }
    return extents;
  }

  /// The bits of the least and the largest code with [#MAGIC], for all lanes.
  private static int[] bounds(int least, int largest) {
    int[] bounds = new int[2 * L];
    Arrays.fill(bounds, 0, L, ZERO + least);
    Arrays.fill(bounds, L, 2 * L, ZERO + largest);
    return bounds;
  }

  /// Native memory, as vectors in the heap lie across two lines of the cache, which halves the
  /// speed at which they are read.
  private static MemorySegment room(Arena arena, Groups groups) {
    return arena.allocate(groups.elements() * ELEMENT, VECTOR);
  }

  /// @param room for x, w and w·x of some groups, one behind the other
  private static void symmetric(
      int[] bounds, float[] extents, Groups g, int at, MemorySegment room) {
    int elements = g.elements();
    FloatVector max = FloatVector.zero(LANES);
    for (int i = 0; i < elements; i++) {
      long from = i * ELEMENT;
      FloatVector x = FloatVector.fromMemorySegment(LANES, room, from, ORDER);
      FloatVector w = FloatVector.fromMemorySegment(LANES, room, from + VECTOR, ORDER);
      w.mul(x).intoMemorySegment(room, from + 2 * VECTOR, ORDER);
      max = max.blend(x, x.abs().compare(VectorOperators.GT, max.abs()));
    }
    FloatVector magic = FloatVector.fromArray(LANES, MAGICS, 0);
    IntVector lowest = IntVector.fromArray(INTS, bounds, 0);
    IntVector highest = IntVector.fromArray(INTS, bounds, L);
    FloatVector scale = FloatVector.zero(LANES);
    FloatVector best = FloatVector.zero(LANES);
    FloatVector inverse = FloatVector.broadcast(LANES, extents[0]).div(max);
    // No branch for the first trial: masks that meet behind one are put into memory.
    for (float extent : extents) {
      FloatVector trial = FloatVector.broadcast(LANES, extent).div(max);
      FloatVector sumLx = FloatVector.zero(LANES);
      FloatVector sumL2 = FloatVector.zero(LANES);
      for (int i = 0; i < elements; i++) {
        long from = i * ELEMENT;
        FloatVector x = FloatVector.fromMemorySegment(LANES, room, from, ORDER);
        FloatVector w = FloatVector.fromMemorySegment(LANES, room, from + VECTOR, ORDER);
        IntVector bits = trial.mul(x).add(magic).reinterpretAsInts();
        FloatVector code = bits.max(lowest).min(highest).reinterpretAsFloats().sub(magic);
        sumLx =
            sumLx.add(
                FloatVector.fromMemorySegment(LANES, room, from + 2 * VECTOR, ORDER).mul(code));
        sumL2 = sumL2.add(w.mul(code).mul(code));
      }
      FloatVector fitted = sumLx.div(sumL2);
      VectorMask<Float> better =
          sumLx
              .mul(sumLx)
              .compare(VectorOperators.GT, best.mul(sumL2))
              .and(sumL2.compare(VectorOperators.GT, 0f));
      inverse = inverse.blend(trial, better);
      scale = scale.blend(fitted, better);
      best = best.blend(fitted.mul(sumLx), better);
    }
    VectorMask<Float> zero = max.abs().compare(VectorOperators.LT, TINY);
    MemorySegment found = g.found();
    scale.blend(0f, zero).intoMemorySegment(found, Groups.place(at, Groups.SCALE), ORDER);
    inverse.blend(0f, zero).intoMemorySegment(found, Groups.place(at, Groups.INVERSE), ORDER);
    FloatVector nothing = FloatVector.zero(LANES);
    nothing.intoMemorySegment(found, Groups.place(at, Groups.MIN), ORDER);
    nothing.intoMemorySegment(found, Groups.place(at, Groups.BASE), ORDER);
  }

  @Override
  public void uneven(float[] entries, int reach, Groups groups) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = room(arena, groups);
      UnevenTrials trials = new UnevenTrials(entries, reach, room);
      for (int at = 0; at < groups.padded(); at += L) {
        load(groups, at, room);
        trials.fit(groups, at);
      }
    }
  }

  /// Puts x and w of some groups into a room, element by element.
  private static void load(Groups g, int at, MemorySegment room) {
    spread(g.x(), at, g.elements(), room, 0);
    spread(g.w(), at, g.elements(), room, VECTOR);
  }

  private static void spread(MemorySegment from, int at, int elements, MemorySegment to, long by) {
    for (int i = 0; i < elements; i++) {
      for (int lane = 0; lane < L; lane++) {
        float value = from.getAtIndex(ValueLayout.JAVA_FLOAT, (at + lane) * (long) elements + i);
        to.set(ValueLayout.JAVA_FLOAT, i * ELEMENT + by + lane * (long) Float.BYTES, value);
      }
    }
  }
}
