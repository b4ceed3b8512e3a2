package halftone.numeric;

import java.lang.foreign.ValueLayout;

/// A [NeighbourSearch] in plain loops.
record PlainNeighbours(GridSubject subject) implements NeighbourSearch {
  @Override
  public void choose(int[] points, int count, int from, int[] places) {
    for (int k = 0; k < count; k++) {
      places[k] = best(points[k], subject.scales()[k], from);
    }
  }

  private int best(int point, float scale, int from) {
    NeighbourLanes lanes = subject.lanes();
    int best = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int place = 0; place < lanes.eights(point) * NeighbourLanes.WIDTH; place++) {
      float error = 0;
      for (int j = 0; j < lanes.arity(); j++) {
        byte odd = lanes.odds().get(ValueLayout.JAVA_BYTE, lanes.at(point, place, j));
        float d = scale * odd - subject.magnitudes()[from + j];
        error += subject.rootWeights()[from + j] * d * d;
      }
      best = error < least ? place : best;
      least = error < least ? error : least;
    }
    return best;
  }
}
