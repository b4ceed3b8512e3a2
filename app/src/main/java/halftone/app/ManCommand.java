package halftone.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `halftone generate-man`: the manual page.
@Command(
    name = "generate-man",
    mixinStandardHelpOptions = true,
    description = "Writes the manual page of all commands, for man ./halftone.1.",
    footer = {"", "Examples:", "  halftone generate-man -o halftone.1"})
final class ManCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "File to write; standard output by default.")
  private @Nullable Path output;

  ManCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    String page = ManPage.of(spec.root().commandLine());
    if (output == null) {
      console.out().print(page);
    } else {
      Files.writeString(output, page);
    }
    return ExitCode.OK;
  }
}
