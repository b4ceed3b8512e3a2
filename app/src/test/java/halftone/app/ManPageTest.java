package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// The manual and the shell completion know what the program knows.
class ManPageTest {
  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();

  private String generated(String command) {
    assertThat(terminal.run(command)).isEqualTo(ExitCode.OK);
    return terminal.out();
  }

  @Test
  void namesEveryCommandAndOption() {
    String page = generated("generate-man").replace("\\-", "-");
    String completion = generated("generate-completion");
    for (CommandLine command : Main.commandLine(Console.standard()).getSubcommands().values()) {
      assertThat(page).contains(".SS " + command.getCommandSpec().qualifiedName());
      assertThat(completion).contains(command.getCommandName());
      for (OptionSpec option : command.getCommandSpec().options()) {
        assertThat(completion).contains(option.longestName());
        if (!option.usageHelp() && !option.versionHelp()) {
          assertThat(page).contains(option.longestName());
        }
      }
    }
  }

  @Test
  void troffAcceptsEveryLine() throws IOException, InterruptedException {
    String page = generated("generate-man");
    assertThat(page).matches("\\A[\\x20-\\x7E\\n]+\\z");
    Assumptions.assumeTrue(canRun("groff", "--version"), "no groff");
    Path file = Files.writeString(folder.resolve("halftone.1"), page);
    Path complaints = folder.resolve("complaints");
    Process groff =
        new ProcessBuilder("groff", "-man", "-ww", "-Tutf8", "-P-c", file.toString())
            .redirectError(complaints.toFile())
            .start();
    String shown = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(groff.waitFor()).isZero();
    assertThat(complaints).isEmptyFile();
    assertThat(shown.replaceAll(".\b", ""))
        .contains("EXIT STATUS", "HALFTONE_JAVA_OPTIONS", "EXAMPLES", "halftone quantize")
        .contains("halftone inspect model.gguf --json --full");
  }

  private static boolean canRun(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  @Test
  void bashAcceptsTheCompletion() throws IOException, InterruptedException {
    String completion = generated("generate-completion");
    Assumptions.assumeTrue(canRun("bash", "--version"), "no bash");
    Path script =
        Files.writeString(
            folder.resolve("try"),
            completion
                + """

                COMP_WORDS=(halftone quant)
                COMP_CWORD=1
                _complete_halftone
                echo "${COMPREPLY[@]}"
                """);
    Process bash =
        new ProcessBuilder("bash", script.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String offered = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(offered.strip()).isEqualTo("quantize");
  }
}
