package halftone.numeric;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// A [GridSearch] in loops: what each trial does to a weight is a loop over trials, which the
/// compiler turns into vector instructions.
public final class GridLoops implements GridSearch {
  /// Added to a small float, it rounds it to an integer, ties to even, in the low bits.
  private static final float ROUNDER = 0x1.8p23f;

  private final GridSubject subject;
  private final NeighbourSearch neighbours;
  private final int arity;
  private final float[] pointNumbers;
  private final float[] odds;
  private final float[] sumsXq;
  private final float[] sumsQq;

  /// Of each entry in each trial.
  private final int[][] points;

  private final int[][] places;

  /// @param neighbours that reads the same arrays
  public GridLoops(GridSubject subject, NeighbourSearch neighbours) {
    this.subject = subject;
    this.neighbours = neighbours;
    this.arity = subject.lanes().arity();
    int count = subject.scales().length;
    this.pointNumbers = new float[count];
    this.odds = new float[count];
    this.sumsXq = new float[count];
    this.sumsQq = new float[count];
    this.points = new int[subject.entries()][count];
    this.places = new int[subject.entries()][count];
  }

  @Override
  public void run(int count) {
    Arrays.fill(sumsXq, 0);
    Arrays.fill(sumsQq, 0);
    for (int e = 0; e < points.length; e++) {
      choose(e, count);
    }
  }

  @Override
  public float xq(int trial) {
    return sumsXq[trial];
  }

  @Override
  public float qq(int trial) {
    return sumsQq[trial];
  }

  @Override
  public int point(int entry, int trial) {
    return points[entry][trial];
  }

  @Override
  public int place(int entry, int trial) {
    return places[entry][trial];
  }

  private void choose(int e, int count) {
    Arrays.fill(pointNumbers, 0);
    for (int i = (e + 1) * arity - 1; i >= e * arity; i--) {
      float magnitude = subject.magnitudes()[i];
      addLevel(count, magnitude, subject.levels(), subject.inverses(), pointNumbers);
    }
    for (int k = 0; k < count; k++) {
      points[e][k] = (int) pointNumbers[k];
    }
    neighbours.choose(points[e], count, e * arity, places[e]);
    for (int j = 0; j < arity; j++) {
      for (int k = 0; k < count; k++) {
        odds[k] = odd(points[e][k], places[e][k], j);
      }
      int i = e * arity + j;
      float w = subject.weights()[i];
      add(count, w, w * subject.magnitudes()[i], odds, sumsXq, sumsQq);
    }
  }

  private byte odd(int point, int place, int j) {
    return subject.lanes().odds().get(ValueLayout.JAVA_BYTE, subject.lanes().at(point, place, j));
  }

  private static void add(int count, float w, float wm, float[] q, float[] xq, float[] qq) {
    for (int k = 0; k < count; k++) {
      xq[k] += wm * q[k];
      qq[k] += w * q[k] * q[k];
    }
  }

  /// Numbers of lattice points stay small enough to be exact.
  private static void addLevel(
      int count, float magnitude, float levels, float[] inverse, float[] point) {
    for (int k = 0; k < count; k++) {
      float level = (0.5f * (inverse[k] * magnitude - 1) + ROUNDER) - ROUNDER;
      point[k] = point[k] * levels + Math.min(Math.max(level, 0), levels - 1);
    }
  }
}
