package halftone.preset;

import halftone.model.GgmlType;

/// What a tensor is to be stored as, and why.
///
/// @param reason for people: "rule: ffn_down of the first 1/8", "never quantized"
/// @param kept whether the tensor stays as it is stored now
public record TypeChoice(GgmlType type, String reason, boolean kept) {
  static TypeChoice keep(GgmlType type, String reason) {
    return new TypeChoice(type, reason, true);
  }

  static TypeChoice of(GgmlType type, String reason) {
    return new TypeChoice(type, reason, false);
  }

  /// The [halftone.numeric.NumberFormat]'s id.
  public String formatId() {
    return type.name();
  }
}
