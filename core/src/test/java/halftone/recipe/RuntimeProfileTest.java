package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.numeric.NumberFormat;
import halftone.numeric.NumberFormats;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuntimeProfileTest {
  private static final NumberFormat Q4_K = NumberFormats.named("Q4_K");
  private static final NumberFormat Q6_K = NumberFormats.named("Q6_K");
  private static final NumberFormat F16 = NumberFormats.named("F16");

  @Test
  void vllmMixesQuantizedFormatsOfOneProductButNoPlainNumbersAmongThem() {
    assertThat(
            RuntimeProfile.VLLM.obstacle(
                Map.of("blk.0.attn_q.weight", Q4_K, "blk.0.attn_v.weight", Q6_K)))
        .isEmpty();
    Map<String, NumberFormat> mixed =
        Map.of("blk.0.ffn_gate.weight", Q4_K, "blk.0.ffn_up.weight", F16);
    assertThat(RuntimeProfile.VLLM.obstacle(mixed))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("blk.0.ffn_up.weight and blk.0.ffn_gate.weight as one matrix"));
    assertThat(RuntimeProfile.LLAMA_CPP.obstacle(mixed)).isEmpty();
    assertThat(
            RuntimeProfile.VLLM.obstacle(
                Map.of("blk.0.attn_q.weight", Q4_K, "blk.1.attn_k.weight", F16)))
        .isEmpty();
    assertThat(
            RuntimeProfile.VLLM.obstacle(
                Map.of("blk.0.attn_q.weight", Q4_K, "blk.0.ffn_down.weight", F16)))
        .isEmpty();
  }

  @Test
  void vllmReadsNoMicroscalingTypes() {
    assertThat(RuntimeProfile.VLLM.obstacle(Map.of("output.weight", NumberFormats.named("MXFP4"))))
        .hasValue("vllm does not read MXFP4, the format of output.weight");
    assertThat(RuntimeProfile.HALFTONE.reads(NumberFormats.named("MXFP4"))).isTrue();
  }

  @Test
  void namesTheProgramsThereAre() {
    assertThat(RuntimeProfile.named("vllm")).isSameAs(RuntimeProfile.VLLM);
    assertThatThrownBy(() -> RuntimeProfile.named("tgi"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("known are llama.cpp, vllm, halftone");
  }
}
