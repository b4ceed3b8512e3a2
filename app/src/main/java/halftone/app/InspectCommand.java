package halftone.app;

import halftone.model.GgufFile;
import halftone.model.GgufReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `halftone inspect`: what a file holds, or how two differ.
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Shows a GGUF file's metadata, tensors and sizes, or how two files differ.",
    footer = {
      "",
      "Examples:",
      "  halftone inspect model.gguf",
      "  halftone inspect model.gguf --json --full",
      "  halftone inspect q4_k_m.gguf ours.gguf"
    })
final class InspectCommand implements Callable<Integer> {
  private static final int LONGEST = 6;

  private final Console console;

  @Parameters(arity = "1..2", paramLabel = "FILE", description = "One file, or two to compare.")
  private List<Path> files;

  @Option(names = "--full", description = "Show long texts and arrays whole.")
  private boolean full;

  @Option(
      names = "--no-contents",
      description = "With two files: compare types and shapes, and read no weight.")
  private boolean noContents;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    MetadataText text = new MetadataText(full ? Integer.MAX_VALUE : LONGEST);
    for (Path file : files) {
      InputFile.require(file);
    }
    try (GgufFile file = GgufReader.open(files.getFirst())) {
      if (files.size() == 1) {
        inspect(new Inspection(file, text));
      } else {
        compare(file, text);
      }
    }
    return ExitCode.OK;
  }

  private void inspect(Inspection inspection) throws IOException {
    if (json) {
      console.out().println(inspection.json());
    } else {
      inspection.print(console.out());
    }
  }

  private void compare(GgufFile file, MetadataText text) throws IOException {
    try (GgufFile other = GgufReader.open(files.getLast())) {
      FileDifference difference = FileDifference.of(file, other, !noContents);
      if (json) {
        console.out().println(difference.json(text));
      } else {
        difference.print(console.out(), text);
      }
    }
  }
}
