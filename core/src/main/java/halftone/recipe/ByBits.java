package halftone.recipe;

import java.util.Map;
import java.util.TreeMap;

/// A number that is known at some bits a weight, and between these in proportion.
final class ByBits {
  private final TreeMap<Double, Double> known = new TreeMap<>();

  void put(double bits, double value) {
    known.put(bits, value);
  }

  /// Beyond the ends it is what it is there.
  ///
  /// @param absent where nothing is known
  double at(double bits, double absent) {
    Map.Entry<Double, Double> below = known.floorEntry(bits);
    Map.Entry<Double, Double> above = known.ceilingEntry(bits);
    if (below == null || above == null) {
      Map.Entry<Double, Double> only = below == null ? above : below;
      return only == null ? absent : only.getValue();
    }
    double width = above.getKey() - below.getKey();
    double share = width == 0 ? 0 : (bits - below.getKey()) / width;
    return below.getValue() + share * (above.getValue() - below.getValue());
  }
}
