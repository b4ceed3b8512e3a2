package halftone.numeric;

import java.lang.foreign.ValueLayout;

/// A [NeighbourSearch] in plain loops.
record PlainNeighbours(
    NeighbourLanes lanes, float[] magnitudes, float[] rootWeights, float[] scales)
    implements NeighbourSearch {
  @Override
  public void choose(int[] points, int count, int from, int[] places) {
    for (int k = 0; k < count; k++) {
      places[k] = best(lanes.first(points[k]), lanes.eights(points[k]), scales[k], from);
    }
  }

  private int best(int first, int eights, float scale, int from) {
    int arity = lanes.arity();
    int best = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int lane = 0; lane < eights * NeighbourLanes.WIDTH; lane++) {
      long at =
          (long) (first + lane / NeighbourLanes.WIDTH) * arity * NeighbourLanes.WIDTH
              + lane % NeighbourLanes.WIDTH;
      float error = 0;
      for (int j = 0; j < arity; j++) {
        byte odd = lanes.odds().get(ValueLayout.JAVA_BYTE, at + (long) j * NeighbourLanes.WIDTH);
        float d = scale * odd - magnitudes[from + j];
        error += rootWeights[from + j] * d * d;
      }
      best = error < least ? lane : best;
      least = error < least ? error : least;
    }
    return best;
  }
}
