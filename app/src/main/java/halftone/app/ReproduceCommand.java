package halftone.app;

import com.grack.nanojson.JsonWriter;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.recipe.Reproduction;
import halftone.text.TextSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `halftone reproduce`: makes a file again from what it says of itself, and compares.
@Command(
    name = "reproduce",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Makes a quantized file again from the original and from the formats, texts and recipe in its metadata, and"
            + " says whether the bytes are the same.",
    footer = {
      "",
      "A file made with a text of yours needs that text again; hashes tell whether it is the one.",
      "Exit code 0 when the bytes are the same, 1 when not.",
      "",
      "Examples:",
      "  halftone reproduce small.gguf --from model.gguf",
      "  halftone reproduce small.gguf --from model.gguf --calibration wiki.txt@0-300000 -o again.gguf"
    })
final class ReproduceCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private Threads threads;

  @Parameters(paramLabel = "OUT", description = "File that Halftone made.")
  private Path made;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "MODEL",
      description = "The original it was made from.")
  private Path original;

  @Option(
      names = "--calibration",
      paramLabel = "T",
      description = "The calibration text, where it was not the built-in one.")
  private @Nullable String calibration;

  @Option(
      names = "--imatrix",
      paramLabel = "FILE",
      description = "The importance matrix, where one was given.")
  private @Nullable Path imatrix;

  @Mixin private FolderTokenizer tokenizer;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "COPY",
      description = "Keep the copy under this name; by default it is deleted after the comparison.")
  private @Nullable Path output;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  ReproduceCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    InputFile.require(made);
    InputFile.requireModel(original);
    if (imatrix != null) {
      InputFile.require(imatrix);
    }
    TextSource text = calibration == null ? null : InputFile.source(calibration);
    Path folder = Files.createTempDirectory("halftone-reproduce");
    try {
      Path copy = output == null ? folder.resolve("copy.gguf") : output;
      try (ProgressBar progress = console.progress()) {
        new Reproduction(
                made,
                original,
                text,
                imatrix,
                tokenizer.name(),
                copy,
                folder.resolve("store"),
                threads.count())
            .run(progress);
      }
      return answer(copy);
    } finally {
      TemporaryFolder.delete(folder);
    }
  }

  private int answer(Path copy) throws IOException {
    long mismatch = Files.mismatch(made, copy);
    boolean same = mismatch < 0;
    if (json) {
      console
          .out()
          .println(
              JsonWriter.string()
                  .object()
                  .value("file", made.toString())
                  .value("same", same)
                  .value("first_difference", mismatch)
                  .end()
                  .done());
    } else if (same) {
      console.out().printf("%s: made again, byte for byte (%,d bytes)%n", made, Files.size(copy));
    } else {
      console.out().printf("%s: the copy differs from byte %,d on%n", made, mismatch);
      describe(copy);
    }
    return same ? ExitCode.OK : ExitCode.FAILED;
  }

  private void describe(Path copy) throws IOException {
    try (GgufFile before = GgufReader.open(made);
        GgufFile after = GgufReader.open(copy)) {
      FileDifference difference = FileDifference.of(before, after, true);
      difference
          .metadata()
          .forEach(change -> console.out().printf("  metadata %s%n", change.name()));
      difference.tensors().forEach(change -> console.out().printf("  tensor %s%n", change.name()));
    }
  }
}
