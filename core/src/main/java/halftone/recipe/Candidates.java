package halftone.recipe;

import halftone.model.GgmlType;
import halftone.model.Metadata;
import halftone.model.Model;
import halftone.model.TensorInfo;
import halftone.numeric.NumberFormat;
import halftone.numeric.WeightFormat;
import halftone.preset.Preset;
import halftone.preset.TensorTypeRule;
import halftone.preset.TypeChoice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// The files of other recipes that ours has to beat: llama.cpp's presets, and one format
/// throughout.
final class Candidates {
  /// A recipe applied to the model: the format of every tensor that changes.
  record Rival(String name, SequencedMap<String, WeightFormat> formats) {
    /// One format throughout, and no preset.
    boolean isUniform() {
      return name.startsWith(UNIFORM);
    }

    /// The same with 16 bits for some of its tensors.
    Rival keeping(Set<String> tensors) {
      SequencedMap<String, WeightFormat> kept = new LinkedHashMap<>(formats);
      tensors.forEach(tensor -> kept.replace(tensor, F16));
      return new Rival(name + ", " + tensors.size() + " in f16", kept);
    }
  }

  private static final String UNIFORM = "uniform ";
  private static final WeightFormat F16 =
      (WeightFormat) halftone.numeric.NumberFormats.named("F16");

  private Candidates() {}

  /// Every preset and uniform file that can be written with importance at hand, pins kept, and is
  /// neither the original nor twice the same.
  static List<Rival> all(Model model, List<TensorTypeRule> pins) {
    List<TensorInfo> tensors = infos(model);
    Metadata metadata = new Metadata("model", model.metadata());
    List<Rival> rivals = new ArrayList<>();
    for (Preset preset : Preset.values()) {
      if (preset.base().blockWeights() > 1) {
        String name = preset.name().toLowerCase(java.util.Locale.ROOT);
        rivals.add(
            new Rival(name, formats(model, preset.plan(tensors, metadata, true, List.of()))));
      }
    }
    rivals.addAll(uniform(model));
    rivals.forEach(rival -> pin(rival.formats(), pins));
    List<Rival> distinct = new ArrayList<>();
    for (Rival rival : rivals) {
      if (distinct.stream().noneMatch(other -> other.formats().equals(rival.formats()))) {
        distinct.add(rival);
      }
    }
    return distinct;
  }

  private static void pin(SequencedMap<String, WeightFormat> formats, List<TensorTypeRule> pins) {
    for (String name : List.copyOf(formats.keySet())) {
      TensorTypeRule.first(pins, name)
          .map(pin -> pin.type().format())
          .filter(WeightFormat.class::isInstance)
          .ifPresent(format -> formats.put(name, (WeightFormat) format));
    }
  }

  /// One format for every quantized tensor whose rows it divides, Q8_0 for the others.
  private static List<Rival> uniform(Model model) {
    Set<String> measured = model.linears();
    List<Rival> rivals = new ArrayList<>();
    for (WeightFormat format : halftone.numeric.NumberFormats.weightFormats()) {
      if (format.layout().weights() > 1) {
        SequencedMap<String, WeightFormat> formats = new LinkedHashMap<>();
        for (String name : quantized(model)) {
          int columns = tensor(model, name).shape().columns();
          boolean usable = measured.contains(name) || !format.requiresImportance();
          if (usable && format.layout().divides(columns)) {
            formats.put(name, format);
          } else if (columns % 32 == 0) {
            formats.put(name, (WeightFormat) halftone.numeric.NumberFormats.named("Q8_0"));
          }
        }
        rivals.add(new Rival(UNIFORM + format.id().toLowerCase(java.util.Locale.ROOT), formats));
      }
    }
    return rivals;
  }

  static SequencedMap<String, WeightFormat> formats(
      Model model, SequencedMap<String, TypeChoice> plan) {
    SequencedMap<String, WeightFormat> formats = new LinkedHashMap<>();
    plan.forEach(
        (name, choice) -> {
          if (!choice.kept() && choice.type().format() instanceof WeightFormat format) {
            formats.put(name, format);
          }
        });
    return formats;
  }

  /// Names of the tensors that recipes change, in file order.
  static List<String> quantized(Model model) {
    Metadata metadata = new Metadata("model", model.metadata());
    SequencedMap<String, TypeChoice> plan =
        Preset.Q8_0.plan(infos(model), metadata, true, List.of());
    return plan.keySet().stream()
        .filter(name -> !java.util.Objects.requireNonNull(plan.get(name)).kept())
        .toList();
  }

  static List<TensorInfo> infos(Model model) {
    return model.tensors().values().stream().map(TensorInfo::of).toList();
  }

  /// The tensor table of the file these formats make.
  static List<TensorInfo> infos(Model model, SequencedMap<String, WeightFormat> formats) {
    List<TensorInfo> infos = new ArrayList<>();
    for (TensorInfo info : infos(model)) {
      NumberFormat format = formats.get(info.name());
      infos.add(format == null ? info : info.as(format));
    }
    return infos;
  }

  /// The file type to announce: that of the format most weights have.
  static Preset fileType(Model model, SequencedMap<String, WeightFormat> formats) {
    SequencedMap<String, Long> weights = new LinkedHashMap<>();
    formats.forEach(
        (name, format) ->
            weights.merge(format.id(), tensor(model, name).shape().elements(), Long::sum));
    String most =
        weights.entrySet().stream()
            .max(Comparator.comparingLong(java.util.Map.Entry::getValue))
            .map(java.util.Map.Entry::getKey)
            .orElse("F16");
    GgmlType type = GgmlType.valueOf(most);
    return java.util.Arrays.stream(Preset.values())
        .filter(preset -> preset.base() == type)
        .findFirst()
        .orElse(Preset.F16);
  }

  private static halftone.tensor.Tensor tensor(Model model, String name) {
    return java.util.Objects.requireNonNull(model.tensors().get(name));
  }
}
