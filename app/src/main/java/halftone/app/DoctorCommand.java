package halftone.app;

import com.grack.nanojson.JsonWriter;
import halftone.app.doctor.Examination;
import halftone.app.doctor.Verdict;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `halftone doctor`: what this machine can do.
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description =
        "Tells what this machine can do, measures for half a second how fast, and says what to change. Fails when"
            + " something needed is missing.",
    footer = {
      "",
      "Examples:",
      "  halftone doctor",
      "  halftone doctor --json --store results/.halftone"
    })
final class DoctorCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--store",
      paramLabel = "FOLDER",
      description = "Where finished work will be kept; ${DEFAULT-VALUE} by default.")
  private Path store = Path.of(".halftone");

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Examination examination = Examination.of(store);
    if (json) {
      console.out().println(JsonWriter.indent("  ").string().object(examination.json()).done());
    } else {
      examination.print(console.out());
    }
    return examination.verdict() == Verdict.MISSING ? ExitCode.FAILED : ExitCode.OK;
  }
}
