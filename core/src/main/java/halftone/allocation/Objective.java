package halftone.allocation;

/// What an allocator minimises.
public sealed interface Objective permits Additive {
  /// Loss of a whole choice: `choice[unit]` is an option of that unit.
  double loss(int[] choice);

  /// Number of options of each unit.
  int[] options();
}
