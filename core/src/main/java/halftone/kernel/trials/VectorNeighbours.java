package halftone.kernel.trials;

import static halftone.kernel.trials.VectorTrials.ORDER;

import halftone.numeric.GridSubject;
import halftone.numeric.NeighbourLanes;
import halftone.numeric.NeighbourSearch;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// A [NeighbourSearch] over eight neighbours at a time, where vectors are long enough.
record VectorNeighbours(GridSubject subject) implements NeighbourSearch {
  private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
  private static final VectorSpecies<Byte> EIGHT_BYTES = ByteVector.SPECIES_64;

  @Override
  public void choose(int[] points, int count, int from, int[] places) {
    NeighbourLanes lanes = subject.lanes();
    for (int k = 0; k < count; k++) {
      places[k] = best(lanes.first(points[k]), lanes.eights(points[k]), subject.scales()[k], from);
    }
  }

  private int best(int first, int eights, float scale, int at) {
    MemorySegment odds = subject.lanes().odds();
    float[] magnitudes = subject.magnitudes();
    float[] rootWeights = subject.rootWeights();
    int arity = subject.lanes().arity();
    long from = (long) first * arity * NeighbourLanes.WIDTH;
    int best = 0;
    int least = Integer.MAX_VALUE;
    for (int eight = 0; eight < eights; eight++) {
      FloatVector error = FloatVector.zero(EIGHT);
      for (int j = 0; j < arity; j++, from += NeighbourLanes.WIDTH) {
        FloatVector d =
            ((FloatVector)
                    ByteVector.fromMemorySegment(EIGHT_BYTES, odds, from, ORDER)
                        .convertShape(VectorOperators.B2F, EIGHT, 0))
                .mul(scale)
                .sub(magnitudes[at + j]);
        error = error.add(d.mul(rootWeights[at + j]).mul(d));
      }
      // Errors are not negative, and their bits are in their order.
      IntVector bits = error.reinterpretAsInts();
      int smallest = bits.reduceLanes(VectorOperators.MIN);
      if (smallest < least) {
        least = smallest;
        best =
            eight * NeighbourLanes.WIDTH + bits.compare(VectorOperators.EQ, smallest).firstTrue();
      }
    }
    return best;
  }
}
