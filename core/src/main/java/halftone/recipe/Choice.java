package halftone.recipe;

import halftone.allocation.Allocation;
import halftone.allocation.MultipleChoiceKnapsack;
import halftone.allocation.Problem;
import halftone.allocation.Resource;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.Menu;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;

/// A format for every menu, its predicted loss and certificate.
record Choice(SequencedMap<String, WeightFormat> formats, Allocation allocation) {
  /// Formats by tensor as one text, the same for the same ones: what a key in the store holds.
  static String ids(Map<String, WeightFormat> formats) {
    Map<String, String> ids = new TreeMap<>();
    formats.forEach((tensor, format) -> ids.put(tensor, format.id()));
    return ids.toString();
  }

  /// The knapsack over menus: bytes of each option, padded as the file pads them, against predicted
  /// loss.
  static Problem problem(
      SequencedMap<String, Menu> menus, LossTable table, long limit, int alignment) {
    List<Menu> units = new ArrayList<>(menus.values());
    double[][] loss = new double[units.size()][];
    long[][] bytes = new long[units.size()][];
    for (int unit = 0; unit < loss.length; unit++) {
      Menu menu = units.get(unit);
      loss[unit] = Objects.requireNonNull(table.losses().get(menu.tensor().name()));
      bytes[unit] = new long[menu.options().size()];
      for (int option = 0; option < bytes[unit].length; option++) {
        bytes[unit][option] = Math.ceilDiv(menu.bytes(option), alignment) * alignment;
      }
    }
    return new Problem(loss, new Resource("bytes", bytes, limit));
  }

  /// The least predicted loss within the problem's limit.
  ///
  /// @throws halftone.allocation.InfeasibleBudgetException naming the smallest reachable size
  static Choice of(SequencedMap<String, Menu> menus, Problem problem) {
    return of(menus, MultipleChoiceKnapsack.STANDARD.allocate(problem));
  }

  static Choice of(SequencedMap<String, Menu> menus, Allocation allocation) {
    SequencedMap<String, WeightFormat> formats = new LinkedHashMap<>();
    int unit = 0;
    for (Menu menu : menus.values()) {
      formats.put(menu.tensor().name(), menu.options().get(allocation.choice()[unit++]));
    }
    return new Choice(formats, allocation);
  }
}
