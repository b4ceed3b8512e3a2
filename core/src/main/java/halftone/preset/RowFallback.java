package halftone.preset;

import halftone.model.GgmlType;

/// What a tensor becomes whose rows are no whole number of blocks.
final class RowFallback {
  private RowFallback() {}

  /// `choice` itself where the row fits; else a type of 32-weight blocks near in size, else F16.
  ///
  /// llama.cpp refuses Q1_0, NVFP4 and the 32-weight types on rows that do not fit; here Q1_0 and
  /// NVFP4 become Q4_0, and the others F16.
  static TypeChoice fit(TypeChoice choice, int columns) {
    GgmlType type = choice.type();
    if (columns % type.blockWeights() == 0) {
      return choice;
    }
    GgmlType smaller = smallerBlocks(type);
    if (columns % smaller.blockWeights() != 0) {
      return replaced(choice, columns, GgmlType.F16);
    }
    return replaced(choice, columns, smaller);
  }

  private static TypeChoice replaced(TypeChoice choice, int columns, GgmlType type) {
    GgmlType wanted = choice.type();
    return TypeChoice.of(
        type,
        "%s; row %d no multiple of %d: %s → %s"
            .formatted(choice.reason(), columns, wanted.blockWeights(), wanted, type));
  }

  private static GgmlType smallerBlocks(GgmlType type) {
    return switch (type) {
      case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ4_XS -> GgmlType.IQ4_NL;
      case Q1_0, Q2_0, Q2_K, Q3_K, TQ1_0, TQ2_0, NVFP4 -> GgmlType.Q4_0;
      case Q4_K -> GgmlType.Q5_0;
      case Q5_K -> GgmlType.Q5_1;
      case Q6_K -> GgmlType.Q8_0;
      default -> GgmlType.F16;
    };
  }
}
