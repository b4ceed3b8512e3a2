package halftone.kernel.trials;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import halftone.numeric.AffineSearch;
import halftone.numeric.BlockWriter;
import halftone.numeric.DirectBlock;
import halftone.numeric.GridSearch;
import halftone.numeric.GridSubject;
import halftone.numeric.Groups;
import halftone.numeric.NeighbourLanes;
import halftone.numeric.ScaleTrials;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What encoders spend their time in, in machine code where there is some, and in vectors where
/// there is none; tables in vectors.
public final class FastTrials implements ScaleTrials {
  private record Affine(int elements, AffineSearch search) {}

  private record Symmetric(int elements, int limit) {}

  private record Blocks(DirectBlock kind, boolean areHalves) {}

  private record Grid(int arity, int trials) {}

  /// Codes of groups of a size.
  private record Range(int group, int least, int most) {}

  private final Map<Range, CodedRounding> roundings = new ConcurrentHashMap<>();
  private final Map<Blocks, BlockWriter> blocks = new ConcurrentHashMap<>();
  private final Map<Affine, CodedSearch> affine = new ConcurrentHashMap<>();
  private final Map<Symmetric, CodedSearch> symmetric = new ConcurrentHashMap<>();
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
    affine
        .computeIfAbsent(
            new Affine(groups.elements(), search),
            kind -> CodedSearch.affine(set, kind.elements(), search))
        .run(groups);
  }

  @Override
  public void symmetric(int limit, Groups groups) {
    if (set == InstructionSet.NONE) {
      vectors.symmetric(limit, groups);
      return;
    }
    symmetric
        .computeIfAbsent(
            new Symmetric(groups.elements(), limit),
            kind -> CodedSearch.symmetric(set, kind.elements(), limit))
        .run(groups);
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
  public @Nullable BlockWriter writer(DirectBlock kind) {
    return set == InstructionSet.NONE
        ? null
        : (weights, count, out, offset) ->
            blocks
                .computeIfAbsent(new Blocks(kind, weights.areHalves()), this::writer)
                .write(weights, count, out, offset);
  }

  private BlockWriter writer(Blocks blocks) {
    return switch (blocks.kind()) {
      case Q4_0, Q5_0, Q8_0 -> CodedBlocks.of(blocks.kind(), blocks.areHalves());
      case Q6_K -> CodedSuperBlocks.of(set, blocks.areHalves());
    };
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
