package halftone.numeric;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The integers that a format's codes stand for.
///
/// @param group weights under one scale
/// @param values at most 64 from −127 to 127, rising
/// @param hasMinimum whether a group has a minimum besides its scale, which is taken off
/// @param scales how scales are stored
public record IntegerCodes(int group, List<Integer> values, boolean hasMinimum, Scales scales) {
  /// How the scales of a block are stored.
  public enum Scales {
    /// A small integer for each group, times a number of the block's.
    SUPER,
    /// One that binary16 holds, for each group.
    HALF,
    /// Any float.
    FLOAT
  }

  public IntegerCodes {
    values = values.stream().distinct().sorted().toList();
  }

  /// All integers from `from` to `to`, without a minimum.
  static IntegerCodes range(int group, int from, int to, Scales scales) {
    return new IntegerCodes(group, IntStream.rangeClosed(from, to).boxed().toList(), false, scales);
  }

  /// From zero to `to`, with a minimum.
  static IntegerCodes affine(int group, int to, Scales scales) {
    return new IntegerCodes(group, IntStream.rangeClosed(0, to).boxed().toList(), true, scales);
  }

  /// Some magnitudes with either sign.
  static IntegerCodes signed(int group, List<Integer> magnitudes, Scales scales) {
    return new IntegerCodes(
        group,
        magnitudes.stream().flatMap(value -> Stream.of(value, -value)).toList(),
        false,
        scales);
  }
}
