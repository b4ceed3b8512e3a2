package halftone.preset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.GgmlType;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PresetTest {
  /// The aligned and the plain reference model's proportions.
  private static final Subject ALIGNED = new Subject("llama", 30, 768, 1536, 12, 3, 0, true);

  private static final Subject PLAIN = new Subject("llama", 30, 576, 1536, 9, 3, 0, true);

  @Test
  void namesIgnoreCapitals() {
    for (Preset preset : Preset.values()) {
      assertThat(Preset.named(preset.name().toLowerCase(java.util.Locale.ROOT))).isEqualTo(preset);
    }
    assertThat(Preset.named("Q4-K-M")).isEqualTo(Preset.Q4_K_M);
    assertThatThrownBy(() -> Preset.named("q4_k_xxl"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("q4_k_m, q5_k_s");
  }

  @Test
  void everyPresetGivesEveryTensorAFittingTypeAndAReason() {
    for (Preset preset : Preset.values()) {
      for (Subject subject : List.of(ALIGNED, PLAIN)) {
        Map<String, TypeChoice> choices =
            preset.choose(subject.tensors(), subject.metadata(), true, List.of());
        assertThat(choices.keySet())
            .containsExactlyElementsOf(
                subject.tensors().stream().map(tensor -> tensor.name()).toList());
        subject
            .tensors()
            .forEach(tensor -> fits(tensor.shape().columns(), choices.get(tensor.name())));
      }
    }
  }

  private static void fits(int columns, TypeChoice choice) {
    assertThat(choice.reason()).isNotBlank();
    assertThat(columns % choice.type().blockWeights()).isZero();
  }

  @Test
  void mediumFourBitsRaisesTheOuterQuarterAndEveryThird() {
    Map<String, TypeChoice> choices = plan(ALIGNED, Preset.Q4_K_M);
    assertThat(choices.get("token_embd.weight").type()).isEqualTo(GgmlType.Q6_K);
    assertThat(choices.get("blk.0.ffn_down.weight").type()).isEqualTo(GgmlType.Q6_K);
    assertThat(choices.get("blk.3.ffn_down.weight").type()).isEqualTo(GgmlType.Q4_K);
    assertThat(choices.get("blk.5.attn_v.weight").type()).isEqualTo(GgmlType.Q6_K);
    assertThat(choices.get("blk.5.attn_k.weight").type()).isEqualTo(GgmlType.Q4_K);
    assertThat(choices.get("blk.5.attn_norm.weight"))
        .isEqualTo(TypeChoice.keep(GgmlType.F32, "never quantized: a vector"));
  }

  @Test
  void saysWhyARowFallsBack() {
    TypeChoice choice = plan(PLAIN, Preset.Q4_K_M).get("blk.3.attn_k.weight");
    assertThat(choice.type()).isEqualTo(GgmlType.Q5_0);
    assertThat(choice.reason()).contains("row 576 no multiple of 256: Q4_K → Q5_0");
  }

  @Test
  void aRowOfThirtyThreeStaysInHalfPrecision() {
    Subject odd = new Subject("llama", 2, 33, 256, 4, 4, 0, true);
    assertThat(plan(odd, Preset.Q4_K_M).get("blk.0.attn_q.weight").type()).isEqualTo(GgmlType.F16);
    assertThat(plan(odd, Preset.Q8_0).get("blk.0.attn_q.weight").type()).isEqualTo(GgmlType.F16);
  }

  @Test
  void refusesWhatNeedsImportance() {
    assertThatThrownBy(() -> plan(ALIGNED, Preset.IQ1_S)).hasMessageContaining("importance matrix");
    assertThatThrownBy(() -> plan(ALIGNED, Preset.IQ2_XS))
        .hasMessageContaining("importance matrix");
    assertThatThrownBy(() -> plan(ALIGNED, Preset.Q2_K_S))
        .hasMessageContaining("importance matrix");
    assertThat(plan(ALIGNED, Preset.Q2_K)).isNotEmpty();
    assertThat(Preset.IQ2_XS.plan(ALIGNED.tensors(), ALIGNED.metadata(), true, List.of()))
        .isNotEmpty();
  }

  @Test
  void theFirstMatchingPinWins() {
    List<TensorTypeRule> pins =
        List.of(
            new TensorTypeRule(Pattern.compile("blk\\.0\\.ffn"), GgmlType.Q8_0),
            new TensorTypeRule(Pattern.compile("ffn_"), GgmlType.Q3_K),
            new TensorTypeRule(Pattern.compile("norm"), GgmlType.Q3_K));
    Map<String, TypeChoice> choices =
        Preset.Q6_K.plan(ALIGNED.tensors(), ALIGNED.metadata(), false, pins);
    assertThat(choices.get("blk.0.ffn_up.weight").type()).isEqualTo(GgmlType.Q8_0);
    assertThat(choices.get("blk.1.ffn_up.weight").type()).isEqualTo(GgmlType.Q3_K);
    assertThat(choices.get("blk.1.ffn_up.weight").reason()).isEqualTo("pinned by ffn_");
    assertThat(choices.get("blk.1.attn_norm.weight").kept()).isTrue();
  }

  private static Map<String, TypeChoice> plan(Subject subject, Preset preset) {
    return preset.plan(subject.tensors(), subject.metadata(), false, List.of());
  }
}
