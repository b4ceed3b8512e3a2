package halftone.kernel.trials;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.numeric.NeighbourLanes;
import halftone.numeric.NeighbourSearch;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A [NeighbourSearch] in machine code.
final class CodedNeighbours implements NeighbourSearch {
  static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);

  private static final int LINE = 64;

  private final MethodHandle code;
  private final NeighbourLanes lanes;
  private final MemorySegment magnitudes;
  private final MemorySegment rootWeights;
  private final MemorySegment scales;
  private final int lists;
  private final MemorySegment room;
  private final int[] found;
  private final MemorySegment foundMemory;

  /// @param code see [NeighbourEmitter]
  CodedNeighbours(
      MethodHandle code,
      NeighbourLanes lanes,
      float[] magnitudes,
      float[] rootWeights,
      float[] scales) {
    this.code = code;
    this.lanes = lanes;
    this.magnitudes = MemorySegment.ofArray(magnitudes);
    this.rootWeights = MemorySegment.ofArray(rootWeights);
    this.scales = MemorySegment.ofArray(scales);
    this.lists = NeighbourEmitter.lists(lanes.arity());
    this.room = Arena.ofAuto().allocate(lists + 2L * Long.BYTES * scales.length, LINE);
    int[] constants = NeighbourEmitter.constants();
    MemorySegment.copy(constants, 0, room, JAVA_INT, 0, constants.length);
    this.found = new int[scales.length + NeighbourLanes.WIDTH];
    this.foundMemory = MemorySegment.ofArray(found);
  }

  @Override
  public void choose(int[] points, int count, int from, int[] places) {
    long odds = lanes.odds().address();
    int each = lanes.arity() * NeighbourLanes.WIDTH;
    long at = lists;
    for (int k = 0; k < count; k++, at += 2 * Long.BYTES) {
      room.set(JAVA_LONG, at, odds + (long) lanes.first(points[k]) * each);
      room.set(JAVA_LONG, at + Long.BYTES, lanes.eights(points[k]));
    }
    long before = (long) from * Float.BYTES;
    try {
      code.invokeExact(room, scales, magnitudes, rootWeights, foundMemory, before, (long) count);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    System.arraycopy(found, 0, places, 0, count);
  }
}
