package halftone.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaMixture;
import halftone.llamacpp.LlamaModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What llama.cpp's `perplexity` printed about its Q4_K_M file, computed again from the real
/// library's logits of such a file. Its kernels differ between CPUs by a few per cent of the
/// divergence, and so may these numbers.
class QualityLlamaCppTest {
  private static final int Q4_K_M = 15;

  @TempDir Path folder;

  @Test
  void printsWhatLlamaCppPrints() throws IOException {
    Path data = folder("halftone.shared", "HALFTONE_SHARED", "../../shared").resolve("data/llama");
    Path model = folder("halftone.reference", "HALFTONE_REFERENCE", "../../../ref");
    Path source = model.resolve("smollm2-135m-f16.gguf");
    Assumptions.assumeTrue(
        Files.exists(source), "no reference model for llama.cpp: set HALFTONE_REFERENCE");
    Assumptions.assumeTrue(Files.exists(data), "no shared data for llama.cpp: set halftone.shared");
    Path quantized = folder.resolve("q4_k_m.gguf");
    Llama llama = Llama.open(AssumedLlamaCpp.library());
    LlamaMixture.of(Q4_K_M).quantize(llama, source, quantized);
    Quality quality;
    try (BaseLogits base = BaseLogits.open(data.resolve("base-c64.kld"))) {
      quality = Quality.of(score(llama, quantized, base));
    }
    check(quality, Files.readString(data.resolve("q4_k_m-c64.txt")));
  }

  /// The model's tokenizer adds no beginning-of-text token, so chunks are run as they stand in the
  /// file.
  private static TokenScores score(Llama llama, Path file, BaseLogits base) {
    ScoredText text =
        ScoredText.cut(base.tokens(), base.length(), Integer.MAX_VALUE, OptionalInt.empty());
    TokenScorer scorer = new TokenScorer(text.chunks(), text.scoredPerChunk());
    float[] stored = new float[base.vocabulary()];
    try (LlamaModel model = llama.load(file, base.length(), 2)) {
      int token = 0;
      for (int[] chunk : text.inputs()) {
        float[][] rows = model.logits(chunk, text.firstScored(), text.length() - 1);
        for (float[] logits : rows) {
          base.row(token, stored);
          scorer.logProbabilities(token, stored, logits, 0, base.vocabulary(), text.target(token));
          token++;
        }
      }
    }
    return scorer.scores();
  }

  private static void check(Quality quality, String printed) {
    assertThat(quality.tokens()).isEqualTo(124);
    Estimate base = quality.referencePerplexity();
    assertThat(base.value()).isCloseTo(number(printed, "PPL\\(base\\)"), within(1e-5));
    assertThat(base.error()).isCloseTo(error(printed, "PPL\\(base\\)"), within(1e-5));
    near(quality.perplexity().value(), number(printed, "PPL\\(Q\\)"), 0.02);
    near(quality.perplexity().error(), error(printed, "PPL\\(Q\\)"), 0.02);
    near(100 * quality.correlation(), number(printed, "Cor.*\\)"), 0.005);
    near(quality.ratio().error(), error(printed, "Mean PPL\\(Q\\)/PPL\\(base\\)"), 0.1);
    near(quality.difference().error(), error(printed, "Mean PPL\\(Q\\)-PPL\\(base\\)"), 0.1);
    near(quality.divergence().value(), number(printed, "Mean    KLD"), 0.05);
    near(quality.divergence().error(), error(printed, "Mean    KLD"), 0.1);
    near(quality.divergences().median(), number(printed, "Median  KLD"), 0.1);
    near(quality.divergences().p99(), number(printed, "99.0%   KLD"), 0.1);
    near(quality.divergences().p5(), number(printed, "5.0%   KLD"), 0.2);
    near(100 * quality.rmsProbabilityChange().value(), number(printed, "RMS Δp    "), 0.1);
    near(100 * quality.rmsProbabilityChange().error(), error(printed, "RMS Δp    "), 0.1);
    near(100 * quality.probabilityChange().error(), error(printed, "Mean    Δp"), 0.1);
    near(100 * quality.sameTop().value(), number(printed, "Same top p"), 0.03);
  }

  private static void near(double ours, double theirs, double relative) {
    assertThat(ours).isCloseTo(theirs, within(relative * Math.abs(theirs)));
  }

  private static double number(String printed, String label) {
    return Double.parseDouble(line(printed, label).group(1));
  }

  private static double error(String printed, String label) {
    return Double.parseDouble(line(printed, label).group(2));
  }

  private static Matcher line(String printed, String label) {
    Matcher matcher =
        Pattern.compile("(?m)^ *(?:Mean )?" + label + " *: *(-?[0-9.]+)(?: ± *([0-9.]+))?")
            .matcher(printed);
    assertThat(matcher.find()).as(label).isTrue();
    return matcher;
  }

  private static Path folder(String property, String variable, String beside) {
    String named = System.getProperty(property, System.getenv(variable));
    return Path.of(named == null || named.isBlank() ? beside : named);
  }
}
