package halftone.allocation;

import java.util.List;

/// The members of this room.
public final class Allocators {
  public static final List<Allocator> ALL = List.of(MultipleChoiceKnapsack.STANDARD);

  private Allocators() {}
}
