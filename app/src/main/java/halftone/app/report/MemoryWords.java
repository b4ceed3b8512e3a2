package halftone.app.report;

import halftone.recipe.Budget;
import halftone.recipe.Outcome;
import halftone.runtime.MemoryPlan;
import java.util.Locale;

/// What running a file takes, in words, to the byte.
public final class MemoryWords {
  private MemoryWords() {}

  /// @param bytes of the file
  public static String of(Outcome.Memory memory, long bytes) {
    Budget.Fit fit = memory.budget();
    MemoryPlan beside = memory.beside();
    return String.format(
        Locale.ROOT,
        "A text of %,d tokens takes %,d bytes, of %,d allowed: file %,d, key-value cache in %s %,d, buffers %,d",
        fit.context(),
        memory.total(bytes),
        fit.memory(),
        bytes,
        fit.cache().id(),
        beside.cache(),
        beside.buffers() + beside.scratch());
  }
}
