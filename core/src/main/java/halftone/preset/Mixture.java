package halftone.preset;

import static halftone.preset.Preset.IQ1_M;
import static halftone.preset.Preset.IQ1_S;
import static halftone.preset.Preset.IQ2_M;
import static halftone.preset.Preset.IQ2_S;
import static halftone.preset.Preset.IQ2_XS;
import static halftone.preset.Preset.IQ2_XXS;
import static halftone.preset.Preset.IQ3_XXS;
import static halftone.preset.Preset.MXFP4_MOE;
import static halftone.preset.Preset.Q2_0;
import static halftone.preset.Preset.TQ1_0;
import static halftone.preset.Preset.TQ2_0;

import halftone.model.GgmlType;
import halftone.model.TensorInfo;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Walks the tensors of one network in llama.cpp's order, layer by layer, and gives each its type.
/// One use each: it counts the tensors of a class as they pass.
final class Mixture {
  static final Set<Preset> LOW_BIT = EnumSet.of(IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ2_M);
  private static final Set<Preset> SMALL_OUTPUT =
      EnumSet.of(IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ2_M, IQ3_XXS);
  private static final Pattern LAYER = Pattern.compile("^blk\\.(\\d+)\\.");

  private final Preset preset;
  private final NetworkSizes sizes;
  private final List<TensorTypeRule> pins;
  private final BlockRules rules;
  private final Map<TensorClass, Integer> passed = new HashMap<>();

  Mixture(Preset preset, NetworkSizes sizes, boolean importance, List<TensorTypeRule> pins) {
    this.preset = preset;
    this.sizes = sizes;
    this.pins = pins;
    rules = new BlockRules(preset, sizes, importance);
  }

  /// In the order given.
  SequencedMap<String, TypeChoice> choose(List<TensorInfo> tensors) {
    Map<String, TypeChoice> found = new HashMap<>();
    tensors.stream()
        .sorted(Comparator.comparingInt(Mixture::layer).thenComparing(TensorInfo::name))
        .forEachOrdered(tensor -> found.put(tensor.name(), choose(tensor)));
    SequencedMap<String, TypeChoice> choices = new LinkedHashMap<>();
    for (TensorInfo tensor : tensors) {
      choices.put(tensor.name(), found.get(tensor.name()));
    }
    return choices;
  }

  /// −1 for tensors outside the blocks, which come first.
  private static int layer(TensorInfo tensor) {
    Matcher matcher = LAYER.matcher(tensor.name());
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
  }

  private TypeChoice choose(TensorInfo tensor) {
    int columns = tensor.shape().columns();
    GgmlType now = GgmlType.of(tensor.format());
    @Nullable String untouched = NeverQuantized.reason(tensor.name(), tensor.shape());
    if (untouched != null) {
      return TypeChoice.keep(now, untouched);
    }
    Optional<TensorTypeRule> pin = TensorTypeRule.first(pins, tensor.name());
    if (pin.isPresent()) {
      String reason = "pinned by " + pin.get().pattern();
      return RowFallback.fit(TypeChoice.of(pin.get().type(), reason), columns);
    }
    if (preset.base().blockWeights() == 1) {
      return TypeChoice.of(preset.base(), "the preset's type");
    }
    return RowFallback.fit(byClass(tensor, TensorClass.of(tensor.name())), columns);
  }

  private TypeChoice byClass(TensorInfo tensor, TensorClass kind) {
    if (kind == TensorClass.OUTPUT || kind == TensorClass.EMBEDDING && sizes.tied()) {
      return output(tensor.shape().columns());
    }
    if (preset == MXFP4_MOE) {
      boolean stack = tensor.shape().extents().size() > 2 && tensor.shape().extents().get(2) > 1;
      return stack
          ? TypeChoice.of(GgmlType.MXFP4, "rule: a stack of experts")
          : TypeChoice.of(GgmlType.Q8_0, "rule: no experts");
    }
    if (kind == TensorClass.EMBEDDING) {
      return embedding();
    }
    return rules.choose(kind, position(tensor, kind));
  }

  /// Which of its class a tensor is: its layer where there are experts (their tensors are sprinkled
  /// over the file), else how many passed before it. The low-bit mixtures and attn_v always count.
  private int position(TensorInfo tensor, TensorClass kind) {
    int count = passed.merge(kind, 1, Integer::sum) - 1;
    boolean byLayer = sizes.experts() > 1 && kind != TensorClass.VALUE && !LOW_BIT.contains(preset);
    return byLayer ? layer(tensor) : count;
  }

  private TypeChoice output(int columns) {
    if (preset == MXFP4_MOE) {
      return TypeChoice.of(GgmlType.Q8_0, "rule: output");
    }
    if (sizes.falcon() || columns % preset.base().blockWeights() != 0) {
      return TypeChoice.of(
          GgmlType.Q8_0,
          sizes.falcon()
              ? "rule: output of a falcon"
              : "rule: output; row %d no multiple of %d"
                  .formatted(columns, preset.base().blockWeights()));
    }
    if (SMALL_OUTPUT.contains(preset)) {
      return TypeChoice.of(GgmlType.Q5_K, "rule: output");
    }
    return preset.base() == GgmlType.Q8_0
        ? TypeChoice.of(GgmlType.Q8_0, "the preset's type")
        : TypeChoice.of(GgmlType.Q6_K, "rule: output");
  }

  private TypeChoice embedding() {
    return switch (preset) {
      case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS -> TypeChoice.of(GgmlType.Q2_K, "rule: embedding");
      case IQ2_S, IQ2_M, IQ3_XXS -> TypeChoice.of(GgmlType.IQ3_S, "rule: embedding");
      case TQ1_0, TQ2_0, Q2_0 -> TypeChoice.of(GgmlType.Q4_K, "rule: embedding");
      default -> TypeChoice.of(preset.base(), "the preset's type");
    };
  }
}
