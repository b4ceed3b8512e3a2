package halftone.app.doctor;

import java.util.Collection;
import java.util.Locale;

/// One thing found out.
///
/// @param name lower case, words separated by spaces
/// @param value a string, number, boolean or list of strings
/// @param unit `bytes`, or another that follows a number; empty for none
record Fact(String name, Object value, String unit) {
  private static final String BYTES = "bytes";

  static Fact of(String name, Object value) {
    return new Fact(name, value, "");
  }

  static Fact bytes(String name, long bytes) {
    return new Fact(name, bytes, BYTES);
  }

  /// With one decimal.
  static Fact measured(String name, double value, String unit) {
    return new Fact(name, Math.round(value * 10) / 10.0, unit);
  }

  /// For people.
  String text() {
    return switch (value) {
      case Long bytes when unit.equals(BYTES) -> String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
      case Boolean yes -> yes ? "yes" : "no";
      case Collection<?> all when all.isEmpty() -> "none known";
      case Collection<?> all -> String.join(", ", all.stream().map(String::valueOf).toList());
      default -> (value + " " + unit).strip();
    };
  }

  /// For programs: the name with its unit, words separated by underscores.
  String key() {
    String plain = unit.replaceAll("/", " per ").toLowerCase(Locale.ROOT);
    return (name + " " + plain).strip().replace(' ', '_');
  }
}
