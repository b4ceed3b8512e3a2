package halftone.recipe;

import halftone.allocation.Thresholds;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.Menu;
import halftone.sensitivity.TensorKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Formats of whole blocks by two thresholds on their scores: of 4, 8 and 16 bits where that fits,
/// else of 2, 4 and 8. What lies outside the blocks takes the middle one.
final class ThresholdFormats {
  private static final List<List<WeightFormat>> LEVELS =
      List.of(
          List.of(format("Q4_0"), format("Q8_0"), format("F16")),
          List.of(format("Q2_K"), format("Q4_0"), format("Q8_0")));

  private ThresholdFormats() {}

  private static WeightFormat format(String id) {
    return (WeightFormat) NumberFormats.named(id);
  }

  /// Nothing where the coarsest take more than `limit` bytes of file.
  static Optional<SequencedMap<String, WeightFormat>> within(
      SequencedMap<String, Menu> menus, Sizes sizes, double[] scores, long limit) {
    for (List<WeightFormat> levels : LEVELS) {
      if (sizes.file(formats(menus, levels, new int[scores.length])) <= limit) {
        int[] chosen =
            Thresholds.within(scores, some -> sizes.file(formats(menus, levels, some)), limit);
        return Optional.of(formats(menus, levels, chosen));
      }
    }
    return Optional.empty();
  }

  private static SequencedMap<String, WeightFormat> formats(
      SequencedMap<String, Menu> menus, List<WeightFormat> levels, int[] chosen) {
    SequencedMap<String, WeightFormat> formats = new LinkedHashMap<>();
    menus.forEach(
        (name, menu) -> {
          TensorKind kind = TensorKind.of(name);
          int level = kind.inBlock() ? chosen[kind.block()] : 1;
          formats.put(name, fitting(menu, levels, level));
        });
    return formats;
  }

  /// The format of a level, or of the first level above whose blocks the rows divide into.
  private static WeightFormat fitting(Menu menu, List<WeightFormat> levels, int level) {
    return levels.subList(level, levels.size()).stream()
        .filter(format -> format.layout().divides(menu.tensor().shape().columns()))
        .findFirst()
        .orElse(menu.options().getLast());
  }
}
