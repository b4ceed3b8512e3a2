package halftone.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.recipe.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TerminalSummaryTest {
  @Test
  void marksWhatWasShipped() {
    String text = print(SampleOutcomes.shipped());
    assertThat(text)
        .contains("→ halftone ")
        .contains("  q3_k_m ")
        .contains("0.03910 ± 0.00066")
        .contains("ours − q3_k_m: −0.00770 nats, 95 % interval −0.00890 … −0.00640, p = 3.2e-9")
        .contains("report  report.html");
    assertThat(text.lines().filter(line -> line.startsWith("→"))).hasSize(1);
    assertThat(print(SampleOutcomes.rivalShipped())).contains("→ q3_k_m ");
  }

  @Test
  void countsTheTensorsOfEachFormat() {
    assertThat(print(SampleOutcomes.shipped())).containsPattern("F32 +62 tensors");
  }

  @Test
  void saysWhatFitsIntoTheMemory() {
    assertThat(print(SampleOutcomes.fitted()))
        .contains(
            "A text of 4,096 tokens takes 188,812,480 bytes, of 200,000,000 allowed: file 65,812,480,"
                + " key-value cache in q8_0 100,000,000, buffers 23,000,000.");
    assertThat(print(SampleOutcomes.shipped())).doesNotContain("allowed");
  }

  @Test
  void doesWithoutMeasurements() {
    assertThat(print(SampleOutcomes.unmeasured()))
        .contains("no quality was measured", "Q4_K")
        .doesNotContain("NaN", "candidate");
  }

  private static String print(Outcome outcome) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    TerminalSummary.print(out, outcome, Path.of("report.html"));
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
