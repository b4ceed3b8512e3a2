package halftone.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseLogitsTest {
  @TempDir Path folder;

  @Test
  void aNetworkComparedWithItsOwnFileHardlyDiverges() throws IOException {
    int vocabulary = 50_001;
    Path file = folder.resolve("base.kld");
    float[][] rows = write(file, 8, vocabulary, 40);
    TokenScorer scorer = new TokenScorer(40, 3);
    float[] stored = new float[vocabulary];
    try (BaseLogits base = BaseLogits.open(file)) {
      for (int token = 0; token < rows.length; token++) {
        base.row(token, stored);
        scorer.logProbabilities(token, stored, rows[token], 0, vocabulary, 5);
      }
    }
    Quality quality = Quality.of(scorer.scores());
    assertThat(quality.divergence().value()).isCloseTo(0, within(1e-5));
    assertThat(quality.divergences().minimum()).isGreaterThan(-5e-5);
    assertThat(quality.divergences().maximum()).isLessThan(5e-5);
    assertThat(quality.sameTop().value()).isEqualTo(1);
  }

  @Test
  void theHandCaseSurvivesSixteenBits() throws IOException {
    Path file = folder.resolve("hand.kld");
    float[] p = {(float) Math.log(0.5), (float) Math.log(0.25), (float) Math.log(0.25)};
    float[] q = {(float) Math.log(0.25), (float) Math.log(0.5), (float) Math.log(0.25)};
    try (BaseLogitsWriter writer =
        new BaseLogitsWriter(file, List.of(), new int[] {0, 1, 2, 0}, 4, 3)) {
      writer.row(p, 0);
      writer.commit();
    }
    float[] stored = new float[3];
    TokenScorer scorer = new TokenScorer(1, 1);
    try (BaseLogits base = BaseLogits.open(file)) {
      base.row(0, stored);
      assertThat(base.tokens()).containsExactly(0, 1, 2, 0);
    }
    scorer.logProbabilities(0, stored, q, 0, 3, 0);
    assertThat(scorer.scores().divergence()[0]).isCloseTo(0.173287, within(2e-4));
  }

  @Test
  void refusesATruncatedFileAndOneOfAnotherKind() throws IOException {
    Path file = folder.resolve("cut.kld");
    write(file, 8, 100, 2);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 2));
    assertThatThrownBy(() -> BaseLogits.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("truncated");
    Files.writeString(file, "GGUF and then some more bytes");
    assertThatThrownBy(() -> BaseLogits.open(file)).hasMessageContaining("no base-logit file");
  }

  /// Random logits, three scored rows a chunk of eight.
  private static float[][] write(Path file, int length, int vocabulary, int chunks)
      throws IOException {
    float[][] rows = new float[3 * chunks][];
    try (BaseLogitsWriter writer =
        new BaseLogitsWriter(file, List.of(), new int[length * chunks], length, vocabulary)) {
      for (int i = 0; i < rows.length; i++) {
        rows[i] = QualityTest.randomRow(vocabulary, i);
        writer.row(rows[i], 0);
      }
      writer.commit();
    }
    return rows;
  }
}
