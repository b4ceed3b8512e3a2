package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlocksCommandTest {
  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();

  @Test
  void setsRankingsBesideWhatWasMeasured() throws IOException {
    Path model = TinyLlama.seeded(4).write(folder.resolve("tiny.gguf"));
    assertThat(terminal.run("blocks", model, "--effort", "fast", "--by", "pmpq,cmpq"))
        .as(terminal.err())
        .isZero();
    assertThat(terminal.out())
        .contains("measured KL")
        .contains("pmpq agrees with the measurement by")
        .contains("cmpq agrees with the measurement by")
        .doesNotContain("tdmpq");
    assertThat(terminal.run("blocks", model, "--effort", "fast", "--by", "pmpq", "--json"))
        .isZero();
    assertThat(terminal.out()).contains("\"measured\":[").contains("\"agreement\":");
  }

  @Test
  void namesTheRankingsThereAre() throws IOException {
    Path model = TinyLlama.seeded(4).write(folder.resolve("tiny.gguf"));
    assertThat(terminal.run("blocks", model, "--by", "magic")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err())
        .contains("no ranking 'magic'; there are cmpq, pmpq, tdmpq, random-blocks");
  }
}
