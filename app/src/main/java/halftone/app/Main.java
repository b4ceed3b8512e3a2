package halftone.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The program `halftone`: finds the command and turns its outcome into an exit code.
@Command(
    name = "halftone",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description =
        "Mixed-precision quantization: a network and a budget in, the best file that fits out.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  halftone quantize model.gguf --size 107M -o small.gguf --text wiki.txt",
      "  halftone inspect model.gguf",
      "  halftone evaluate small.gguf --against model.gguf --text wiki.txt",
      "  halftone generate small.gguf 'Once upon a time'",
      "  halftone COMMAND --help"
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  /// @param arguments as the user typed them
  public static void main(String[] arguments) {
    Console console = Console.standard();
    Interruption interruption = Interruption.watch(console.err());
    int exit = run(console, arguments);
    interruption.disarm();
    // The only way to give the caller a code; threads of a failed run must not keep the process.
    System.exit(exit);
  }

  /// Runs a command in this process.
  static int run(Console console, String... arguments) {
    CommandLine line = commandLine(console, arguments);
    int exit = execute(line, arguments);
    // The reader of a pipe may have seen enough; a full disk is a failure all the same.
    if (console.out().checkError() && exit == ExitCode.OK) {
      console.err().println("halftone: not all of the answer could be written to standard output");
      return ExitCode.FAILED;
    }
    return exit;
  }

  private static int execute(CommandLine line, String... arguments) {
    try {
      return line.execute(arguments);
    } catch (OutOfMemoryError | InternalError | StackOverflowError machine) {
      return Failures.report(machine, line);
    }
  }

  /// The program with the commands that a line needs; with all of them for an empty line.
  static CommandLine commandLine(Console console, String... arguments) {
    CommandLine program = new CommandLine(new Main());
    new Commands(console).addTo(program, arguments);
    return program
        .setOut(new PrintWriter(console.out(), true))
        .setErr(new PrintWriter(console.err(), true))
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(new HeavyWork(console.err()))
        .setParameterExceptionHandler(Failures::usage)
        .setExecutionExceptionHandler(Failures::execution);
  }

  /// Without a command: a usage error.
  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "name a command; 'halftone --help' lists them");
  }

  /// The version that Maven wrote into the resources.
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      try (InputStream in =
          Objects.requireNonNull(Main.class.getResourceAsStream("version.properties"))) {
        Properties properties = new Properties();
        properties.load(in);
        return new String[] {"halftone " + properties.getProperty("version")};
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }
}
