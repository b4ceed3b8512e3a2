package halftone.kernel.trials;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import halftone.numeric.AffineSearch;
import halftone.numeric.GridSearch;
import halftone.numeric.GridSubject;
import halftone.numeric.Groups;
import halftone.numeric.NeighbourLanes;
import halftone.numeric.ScaleTrials;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What encoders spend their time in, in machine code where there is some, and in vectors where
/// there is none; tables in vectors.
public final class FastTrials implements ScaleTrials {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

  private static final int LINE = 64;

  /// A function for one search of groups of a size.
  ///
  /// @param search null for grids without offset
  private record Kind(int elements, @Nullable AffineSearch search) {}

  private record Grid(int arity, int trials) {}

  /// Codes of groups of a size.
  private record Range(int group, int least, int most) {}

  private final Map<Range, CodedRounding> roundings = new ConcurrentHashMap<>();
  private final Map<Kind, MethodHandle> known = new ConcurrentHashMap<>();
  private final Map<Grid, MethodHandle> gridCodes = new ConcurrentHashMap<>();
  private final Map<NeighbourLanes, GridLists> lists = new ConcurrentHashMap<>();
  private final ScaleTrials vectors = new VectorTrials();
  private final InstructionSet set;

  /// With the instructions of this process.
  public FastTrials() {
    this(InstructionSet.chosen());
  }

  FastTrials(InstructionSet set) {
    this.set = set;
  }

  @Override
  public void affine(AffineSearch search, Groups groups) {
    if (set == InstructionSet.NONE) {
      vectors.affine(search, groups);
      return;
    }
    int elements = groups.elements();
    MethodHandle function =
        known.computeIfAbsent(
            new Kind(elements, search), kind -> code(new AffineEmitter(set, elements, search)));
    int[] constants = SearchEmitter.constants(0, search.maxCode(), -1);
    run(function, constants, search.extents(), groups);
  }

  @Override
  public void symmetric(int limit, Groups groups) {
    if (set == InstructionSet.NONE) {
      vectors.symmetric(limit, groups);
      return;
    }
    int elements = groups.elements();
    float[] extents = VectorTrials.symmetricExtents(limit);
    MethodHandle function =
        known.computeIfAbsent(
            new Kind(elements, null),
            kind -> code(new SymmetricEmitter(set, elements, extents.length)));
    run(function, SearchEmitter.constants(-limit, limit - 1, TINY), extents, groups);
  }

  private static MethodHandle code(SearchEmitter emitter) {
    return MachineCode.function(emitter.function(), TYPE);
  }

  private void run(MethodHandle function, int[] constants, float[] extents, Groups groups) {
    try (Arena arena = Arena.ofConfined()) {
      long bytes = SearchEmitter.EXTENTS + (long) extents.length * Float.BYTES;
      MemorySegment numbers = arena.allocate(bytes, LINE);
      MemorySegment.copy(constants, 0, numbers, JAVA_INT, 0, constants.length);
      MemorySegment.copy(extents, 0, numbers, JAVA_FLOAT, SearchEmitter.EXTENTS, extents.length);
      MemorySegment room = arena.allocate(SearchEmitter.room(set, groups.elements()), LINE);
      long vectors = (long) groups.padded() * Float.BYTES / set.vectorBytes();
      function.invokeExact(groups.x(), groups.w(), groups.found(), room, numbers, vectors);
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }

  @Override
  public void uneven(float[] entries, int reach, Groups groups) {
    vectors.uneven(entries, reach, groups);
  }

  @Override
  public void round(float[] x, float[] steps, float[] offsets, int least, int most, byte[] codes) {
    int group = x.length / steps.length;
    if (set == InstructionSet.NONE) {
      vectors.round(x, steps, offsets, least, most, codes);
      return;
    }
    roundings
        .computeIfAbsent(
            new Range(group, least, most), range -> CodedRounding.of(group, least, most))
        .round(x, steps, offsets, codes);
  }

  @Override
  public GridSearch grid(GridSubject subject) {
    if (set == InstructionSet.NONE) {
      return vectors.grid(subject);
    }
    NeighbourLanes lanes = subject.lanes();
    return new CodedGridSearch(
        trials -> gridCode(lanes.arity(), trials),
        subject,
        lists.computeIfAbsent(lanes, GridLists::of));
  }

  private MethodHandle gridCode(int arity, int trials) {
    return gridCodes.computeIfAbsent(
        new Grid(arity, trials),
        grid -> MachineCode.function(GridEmitter.emit(arity, trials), CodedGridSearch.TYPE));
  }
}
