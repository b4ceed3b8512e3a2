package halftone.preset;

import halftone.model.GgmlType;
import halftone.model.Metadata;
import halftone.model.TensorInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// The mixtures of llama.cpp's quantize tool: hand-made rules that give every tensor of a network a
/// type.
///
/// Example: Q4_K_M stores most tensors as Q4_K, but attn_v and ffn_down of half the layers as Q6_K.
///
/// Source: the rules of llama.cpp v0.5.0 (August 2026), checked against the library itself.
public enum Preset {
  F32(0, GgmlType.F32),
  F16(1, GgmlType.F16),
  BF16(32, GgmlType.BF16),
  Q4_0(2, GgmlType.Q4_0),
  Q4_1(3, GgmlType.Q4_1),
  Q5_0(8, GgmlType.Q5_0),
  Q5_1(9, GgmlType.Q5_1),
  Q8_0(7, GgmlType.Q8_0),
  Q2_K(10, GgmlType.Q2_K),
  Q2_K_S(21, GgmlType.Q2_K),
  Q3_K_S(11, GgmlType.Q3_K),
  Q3_K_M(12, GgmlType.Q3_K),
  Q3_K_L(13, GgmlType.Q3_K),
  Q4_K_S(14, GgmlType.Q4_K),
  Q4_K_M(15, GgmlType.Q4_K),
  Q5_K_S(16, GgmlType.Q5_K),
  Q5_K_M(17, GgmlType.Q5_K),
  Q6_K(18, GgmlType.Q6_K),
  IQ1_S(24, GgmlType.IQ1_S),
  IQ1_M(31, GgmlType.IQ1_M),
  IQ2_XXS(19, GgmlType.IQ2_XXS),
  IQ2_XS(20, GgmlType.IQ2_XS),
  IQ2_S(28, GgmlType.IQ2_XS),
  IQ2_M(29, GgmlType.IQ2_S),
  IQ3_XXS(23, GgmlType.IQ3_XXS),
  IQ3_XS(22, GgmlType.IQ3_S),
  IQ3_S(26, GgmlType.IQ3_S),
  IQ3_M(27, GgmlType.IQ3_S),
  IQ4_NL(25, GgmlType.IQ4_NL),
  IQ4_XS(30, GgmlType.IQ4_XS),
  TQ1_0(36, GgmlType.TQ1_0),
  TQ2_0(37, GgmlType.TQ2_0),
  MXFP4_MOE(38, GgmlType.MXFP4),
  NVFP4(39, GgmlType.NVFP4),
  Q1_0(40, GgmlType.Q1_0),
  Q2_0(41, GgmlType.Q2_0);

  private final int fileType;
  private final GgmlType base;

  Preset(int fileType, GgmlType base) {
    this.fileType = fileType;
    this.base = base;
  }

  /// The number that files carry as `general.file_type`.
  public int fileType() {
    return fileType;
  }

  /// The type of a tensor for which no rule speaks.
  public GgmlType base() {
    return base;
  }

  /// The preset of this name, in capitals or not; `-` counts as `_`.
  ///
  /// @throws IllegalArgumentException when there is none, listing them all
  public static Preset named(String name) {
    String wanted = name.strip().toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(values())
        .filter(preset -> preset.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no preset is called " + name + "; there are " + allNames()));
  }

  private static String allNames() {
    return Arrays.stream(values())
        .map(preset -> preset.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  /// The type of every tensor of a network, in the order given, each with its reason.
  ///
  /// @param tensors as they are stored now
  /// @param metadata of the same file: sizes and counts of heads and experts decide
  /// @param importance whether an importance matrix is at hand
  /// @param pins rules that come before the preset's own
  /// @throws IllegalArgumentException when a tensor would get a type that needs importance and
  ///   there is none
  public SequencedMap<String, TypeChoice> plan(
      List<TensorInfo> tensors, Metadata metadata, boolean importance, List<TensorTypeRule> pins) {
    SequencedMap<String, TypeChoice> choices = choose(tensors, metadata, importance, pins);
    for (Map.Entry<String, TypeChoice> entry : choices.entrySet()) {
      refuse(entry.getKey(), entry.getValue(), importance);
    }
    return choices;
  }

  /// As [#plan], refusing nothing.
  SequencedMap<String, TypeChoice> choose(
      List<TensorInfo> tensors, Metadata metadata, boolean importance, List<TensorTypeRule> pins) {
    NetworkSizes sizes = NetworkSizes.of(tensors, metadata);
    return new Mixture(this, sizes, importance, pins).choose(tensors);
  }

  private void refuse(String tensor, TypeChoice choice, boolean importance) {
    if (choice.kept()) {
      return;
    }
    if (!importance && needsImportance(tensor, choice.type())) {
      throw new IllegalArgumentException(
          "%s would store %s as %s, which is of no use without an importance matrix; give one"
              .formatted(name(), tensor, choice.type()));
    }
  }

  /// Whether llama.cpp refuses to store this tensor as `type` without importance. Embedding and
  /// output are exempt.
  public boolean needsImportance(String tensor, GgmlType type) {
    TensorClass kind = TensorClass.of(tensor);
    if (kind == TensorClass.EMBEDDING || kind == TensorClass.OUTPUT) {
      return false;
    }
    return switch (type) {
      case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS -> true;
      case Q2_K -> this == Q2_K_S;
      default -> false;
    };
  }
}
