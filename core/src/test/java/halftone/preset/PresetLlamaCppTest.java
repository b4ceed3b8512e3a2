package halftone.preset;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaMixture;
import halftone.model.GgmlType;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.numeric.WeightFormat;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every mixture against the types that the real llama.cpp chose, tensor by tensor.
class PresetLlamaCppTest {
  /// All but NVFP4: version 0.5.0 of the library writes the type but knows no mixture of this name.
  private static final Set<Preset> KNOWN = EnumSet.complementOf(EnumSet.of(Preset.NVFP4));

  @TempDir Path folder;

  static Stream<Subject> subjects() {
    return Stream.of(
        new Subject("llama", 17, 256, 512, 32, 8, 0, true),
        new Subject("llama", 30, 576, 1536, 9, 3, 0, true),
        new Subject("llama", 16, 512, 768, 4, 4, 0, false),
        new Subject("llama", 9, 288, 512, 32, 8, 0, false),
        new Subject("llama", 17, 256, 256, 32, 8, 8, false),
        new Subject("llama", 10, 256, 256, 16, 16, 4, true),
        new Subject("falcon", 33, 256, 256, 64, 1, 0, false));
  }

  /// 80 layers with shared key-value heads have a rule of their own, in mixtures with Q3_K or Q4_K
  /// at attn_v.
  static Stream<Subject> networksOfEightyLayers() {
    return Stream.of(
        new Subject("llama", 80, 256, 256, 64, 8, 0, false),
        new Subject("llama", 80, 256, 256, 64, 64, 0, false));
  }

  @ParameterizedTest
  @MethodSource("networksOfEightyLayers")
  void raisesAttentionValuesOfTheLargeNetwork(Subject subject) throws IOException {
    compareAll(subject, EnumSet.of(Preset.Q2_K, Preset.Q3_K_M, Preset.Q4_K_S, Preset.IQ4_XS));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void choosesTheTypesThatLlamaCppChooses(Subject subject) throws IOException {
    compareAll(subject, KNOWN);
  }

  private void compareAll(Subject subject, Set<Preset> presets) throws IOException {
    Llama llama = Llama.open(AssumedLlamaCpp.library());
    Path source = subject.write(folder.resolve("source.gguf"));
    List<String> differences = new ArrayList<>();
    for (Preset preset : presets) {
      compare(llama, source, subject, preset, true, differences);
      compare(llama, source, subject, preset, false, differences);
    }
    assertThat(differences).isEmpty();
  }

  private void compare(
      Llama llama,
      Path source,
      Subject subject,
      Preset preset,
      boolean importance,
      List<String> differences)
      throws IOException {
    String label = preset + (importance ? " with importance" : "");
    Map<String, TypeChoice> ours =
        preset.choose(subject.tensors(), subject.metadata(), importance, List.of());
    boolean refused =
        !importance
            && ours.entrySet().stream()
                .anyMatch(
                    e ->
                        !e.getValue().kept()
                            && preset.needsImportance(e.getKey(), e.getValue().type()));
    // llama.cpp has no replacement for this type.
    boolean unfit = preset == Preset.Q1_0 && ours.values().stream().anyMatch(this::replaced);
    LlamaMixture mixture = LlamaMixture.of(preset.fileType());
    mixture = importance ? mixture.withImportance(subject.importance()) : mixture;
    Path target = folder.resolve("target.gguf");
    try {
      mixture.quantize(llama, source, target);
    } catch (IllegalStateException e) {
      if (!refused && !unfit) {
        differences.add(label + ": llama.cpp refuses");
      }
      return;
    }
    if (refused || unfit) {
      differences.add(label + ": llama.cpp accepts");
    }
    differ(label, ours, target, differences);
  }

  /// Bytes, not types only, of the mixtures that need importance most.
  @ParameterizedTest
  @EnumSource(names = {"IQ1_S", "IQ1_M"})
  void writesTheBytesThatLlamaCppWrites(Preset preset) throws IOException {
    Llama llama = Llama.open(AssumedLlamaCpp.library());
    Subject subject = new Subject("llama", 9, 512, 768, 32, 8, 0, true);
    Path source = subject.write(folder.resolve("source.gguf"));
    Path target = folder.resolve("target.gguf");
    LlamaMixture.of(preset.fileType())
        .withImportance(subject.importance())
        .quantize(llama, source, target);
    try (GgufFile original = GgufReader.open(source);
        GgufFile file = GgufReader.open(target)) {
      for (Tensor tensor : file.tensors().values()) {
        float[] importance = subject.importance().get(tensor.name());
        assertThat(tensor.bytes().toArray(ValueLayout.JAVA_BYTE))
            .as(tensor.name())
            .isEqualTo(encoded(original.tensors().get(tensor.name()), tensor, importance));
      }
    }
  }

  private static byte[] encoded(Tensor original, Tensor like, float[] importance) {
    if (like.format().equals(original.format())) {
      return original.bytes().toArray(ValueLayout.JAVA_BYTE);
    }
    int columns = original.shape().columns();
    float[] weights = new float[Math.toIntExact(original.shape().elements())];
    original.format().decode(original.bytes(), 0, weights, 0, weights.length);
    byte[] bytes = new byte[Math.toIntExact(like.bytes().byteSize())];
    ((WeightFormat) like.format())
        .fit(weights, 0, weights.length / columns, columns, importance)
        .pack(MemorySegment.ofArray(bytes), 0);
    return bytes;
  }

  private boolean replaced(TypeChoice choice) {
    return choice.reason().contains("no multiple") && choice.reason().contains("→");
  }

  private static void differ(
      String label, Map<String, TypeChoice> ours, Path target, List<String> differences)
      throws IOException {
    try (GgufFile file = GgufReader.open(target)) {
      assertThat(file.tensors().keySet()).containsExactlyInAnyOrderElementsOf(ours.keySet());
      for (Tensor tensor : file.tensors().values()) {
        GgmlType theirs = GgmlType.of(tensor.format());
        TypeChoice choice = ours.get(tensor.name());
        if (choice.type() != theirs) {
          differences.add(
              "%s: %s is %s there, %s here (%s)"
                  .formatted(label, tensor.name(), theirs, choice.type(), choice.reason()));
        }
      }
    }
  }

  @Test
  void pinsWinAsInLlamaCpp() throws IOException {
    Llama llama = Llama.open(AssumedLlamaCpp.library());
    Subject subject = new Subject("llama", 12, 256, 288, 32, 8, 0, true);
    Path source = subject.write(folder.resolve("source.gguf"));
    LinkedHashMap<String, Integer> overrides = new LinkedHashMap<>();
    overrides.put("blk\\.[0-3]\\.ffn_down", GgmlType.IQ4_XS.id());
    overrides.put("ffn_down", GgmlType.Q3_K.id());
    overrides.put("attn_v", GgmlType.Q5_1.id());
    List<TensorTypeRule> pins =
        List.of(
            new TensorTypeRule(Pattern.compile("blk\\.[0-3]\\.ffn_down"), GgmlType.IQ4_XS),
            new TensorTypeRule(Pattern.compile("ffn_down"), GgmlType.Q3_K),
            new TensorTypeRule(Pattern.compile("attn_v"), GgmlType.Q5_1));
    Path target = folder.resolve("target.gguf");
    LlamaMixture.of(15).withOverrides(overrides).quantize(llama, source, target);
    List<String> differences = new ArrayList<>();
    differ(
        "pinned",
        Preset.Q4_K_M.choose(subject.tensors(), subject.metadata(), false, pins),
        target,
        differences);
    assertThat(differences).isEmpty();
  }
}
