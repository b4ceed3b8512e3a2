package halftone.model;

import halftone.numeric.NumberFormat;
import halftone.numeric.NumberFormats;
import java.util.Arrays;
import java.util.Optional;

/// Tensor types as GGUF files number them. The name of a constant is the [NumberFormat]'s id.
///
/// Source: `ggml.h` of the ggml project, August 2026. Q8_1 (9) and Q8_K (15) round activations and
/// stand in no file; 4, 5, 31–33 and 36–38 were removed.
public enum GgmlType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  IQ2_XXS(16, 256, 66),
  IQ2_XS(17, 256, 74),
  IQ3_XXS(18, 256, 98),
  IQ1_S(19, 256, 50),
  IQ4_NL(20, 32, 18),
  IQ3_S(21, 256, 110),
  IQ2_S(22, 256, 82),
  IQ4_XS(23, 256, 136),
  I8(24, 1, 1),
  I16(25, 1, 2),
  I32(26, 1, 4),
  I64(27, 1, 8),
  F64(28, 1, 8),
  IQ1_M(29, 256, 56),
  BF16(30, 1, 2),
  TQ1_0(34, 256, 54),
  TQ2_0(35, 256, 66),
  MXFP4(39, 32, 17),
  NVFP4(40, 64, 36),
  Q1_0(41, 128, 18),
  Q2_0(42, 64, 18);

  private final int id;
  private final int blockWeights;
  private final int blockBytes;

  GgmlType(int id, int blockWeights, int blockBytes) {
    this.id = id;
    this.blockWeights = blockWeights;
    this.blockBytes = blockBytes;
  }

  /// The number that stands in the file.
  public int id() {
    return id;
  }

  public int blockWeights() {
    return blockWeights;
  }

  public int blockBytes() {
    return blockBytes;
  }

  /// How the type's bytes decode.
  ///
  /// @throws IllegalArgumentException when no [NumberFormat] of this name exists
  public NumberFormat format() {
    return NumberFormats.named(name());
  }

  /// The type of this wire id, if it is one that files may hold.
  public static Optional<GgmlType> withId(long id) {
    return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
  }

  /// The type of this name, in upper or lower case.
  public static Optional<GgmlType> withName(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equalsIgnoreCase(name)).findFirst();
  }

  /// The type a format is written as.
  ///
  /// @throws IllegalArgumentException when GGUF has no type for the format
  public static GgmlType of(NumberFormat format) {
    return Arrays.stream(values())
        .filter(type -> type.name().equals(format.id()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("a GGUF file cannot hold the format " + format.id()));
  }

  /// What to tell the user about an id that [#withId] does not know.
  static String adviceFor(long id) {
    if (id == 4 || id == 5 || id >= 31 && id <= 33 || id >= 36 && id <= 38) {
      return "llama.cpp removed this type; convert the original model again";
    }
    if (id == 9 || id == 15) {
      return "this type rounds activations and is never stored; the file is damaged";
    }
    return "types 0 to " + Q2_0.id + " are known; the file is damaged or newer than this reader";
  }
}
