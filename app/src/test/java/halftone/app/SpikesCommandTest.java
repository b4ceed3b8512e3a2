package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpikesCommandTest {
  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();

  @Test
  void ranksLayersAndSaysHowManySpike() throws IOException {
    Path model = TinyLlama.seeded(4).write(folder.resolve("tiny.gguf"));
    assertThat(terminal.run("spikes", model, "--top", 3)).as(terminal.err()).isZero();
    assertThat(terminal.out()).contains("largest ÷ median token").contains("0 of 14 layers spike");
    assertThat(terminal.out().lines().filter(line -> line.contains("blk."))).hasSize(3);
    assertThat(terminal.run("spikes", model, "--json")).isZero();
    assertThat(terminal.out()).contains("\"ratios\"").contains("\"spiking\":[]");
  }

  @Test
  void refusesWhatMakesNoSense() throws IOException {
    Path model = TinyLlama.seeded(4).write(folder.resolve("tiny.gguf"));
    assertThat(terminal.run("spikes", model, "--top", 0)).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("--top must be positive");
    assertThat(terminal.run("spikes", model, "--calibration", "self")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("leave out 'self'");
  }
}
