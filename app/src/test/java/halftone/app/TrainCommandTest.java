package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();

  @BeforeEach
  void writesTexts() throws IOException {
    Files.createDirectories(folder.resolve("texts"));
    for (int i = 0; i < 3; i++) {
      Files.writeString(
          folder.resolve("texts/" + i + ".txt"), "the thin inn in the end ".repeat(90));
    }
    Files.writeString(folder.resolve("held.txt"), "in the thin inn the end ".repeat(60));
  }

  private int train(String name, int heads, Object... more) {
    List<Object> all = new ArrayList<>();
    all.add("train");
    all.addAll(
        List.of("--text", folder.resolve("texts"), "--held-out", folder.resolve("held.txt")));
    all.addAll(List.of("--out", folder.resolve(name), "--steps", 12, "--width", 64, "--blocks", 1));
    all.addAll(List.of("--heads", heads, "--kv-heads", 1, "--ffn", 64, "--vocabulary", 266));
    all.addAll(List.of("--context", 32, "--batch", 2));
    all.addAll(List.of(more));
    return terminal.run(all.toArray());
  }

  @Test
  void writesTheSameModelTwiceWithItsCardAndCurveAndItWrites() throws IOException {
    assertThat(train("once.gguf", 2, "--name", "Tiny", "--license", "CC0-1.0"))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("held-out perplexity", "bits a byte");
    assertThat(folder.resolve("once.md"))
        .content()
        .contains("# Tiny", "License: CC0-1.0", "steps=12", "warm-up=1 ", "once-loss.svg");
    assertThat(folder.resolve("once-loss.svg")).content().contains("<svg");
    assertThat(folder.resolve("once.checkpoint")).doesNotExist();
    assertThat(train("twice.gguf", 2, "--name", "Tiny", "--license", "CC0-1.0", "--threads", 1))
        .isEqualTo(ExitCode.OK);
    assertThat(folder.resolve("twice.gguf")).hasSameBinaryContentAs(folder.resolve("once.gguf"));
    assertThat(terminal.run("generate", folder.resolve("once.gguf"), "the thin", "-n", 4))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.err()).contains("4 written");
  }

  @Test
  void settingsThatMakeNoNetworkAreNamedBeforeAnyWork() {
    assertThat(train("none.gguf", 3)).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("heads");
    assertThat(folder.resolve("none.gguf")).doesNotExist();
  }
}
