package halftone.app;

import halftone.evidence.ImportanceFile;
import halftone.evidence.ImportanceMatrix;
import halftone.recipe.ImportanceRun;
import halftone.recipe.SelfText;
import halftone.text.Chunks;
import halftone.text.Text;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `halftone imatrix`: gathers, merges and shows importance matrices.
@Command(
    name = "imatrix",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Gathers how strongly a text drives each input channel, the tied embedding's too; merges such files, or"
            + " shows one with 'imatrix show'.",
    footer = {
      "",
      "Examples:",
      "  halftone imatrix model.gguf --text prose.txt -o prose.gguf",
      "  halftone imatrix model.gguf --text self -o own.gguf",
      "  halftone imatrix --merge prose.gguf code.gguf -o both.dat",
      "  halftone imatrix show both.dat"
    })
final class ImportanceCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;
  @Mixin private Threads threads;
  @Mixin private FolderTokenizer folderTokenizer;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "The model; with --merge the matrices to merge.")
  private List<Path> files = List.of();

  @Option(
      names = "--text",
      paramLabel = "T",
      description =
          "UTF-8 text: FILE, or a range of its bytes, FILE@FROM-TO; 'self' for text that the model writes itself.")
  private @Nullable String text;

  @Option(names = "--chunks", paramLabel = "N", description = "Chunks to read; all by default.")
  private int chunks;

  @Option(
      names = "--context",
      paramLabel = "N",
      description =
          "Tokens of a chunk; ${DEFAULT-VALUE} by default. With --merge, of legacy files, which do not say.")
  private int context = ImportanceFile.USUAL_CHUNK_SIZE;

  @Option(
      names = "--merge",
      description = "Merge matrices instead: as one run over all their texts.")
  private boolean merge;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "File to write: OUT.gguf, or OUT.dat in the legacy form.")
  private @Nullable Path output;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  ImportanceCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    requireSense();
    ImportanceMatrix matrix = merge ? merged() : gathered();
    write(java.util.Objects.requireNonNull(output), matrix);
    return ExitCode.OK;
  }

  private void requireSense() {
    if (output == null) {
      throw wrong("name the file to write with -o");
    }
    String name = output.toString();
    if (!name.endsWith(".gguf") && !name.endsWith(".dat")) {
      throw wrong("-o must end in .gguf or, for the legacy form, .dat");
    }
    if (merge && files.size() < 2) {
      throw wrong("--merge needs two or more matrices");
    }
    if (!merge && (files.size() != 1 || text == null)) {
      throw wrong("give one model and --text, or --merge and matrices");
    }
    if (chunks < 0 || context < 2) {
      throw wrong("--chunks must be positive and --context at least 2");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private ImportanceMatrix gathered() throws IOException {
    try (OpenModel model = folderTokenizer.openToRun(files.getFirst());
        Workers workers = threads.workers();
        ProgressBar progress = console.progress()) {
      if (SelfText.WORD.equals(text)) {
        SelfText.Written own =
            new SelfText(chunks == 0 ? SelfText.USUAL_ROWS : chunks, context, 0)
                .write(model.model(), model.tokenizer(), workers, progress);
        return new ImportanceRun(model.model(), workers).measure(own.chunks(), progress);
      }
      Text source = InputFile.text(java.util.Objects.requireNonNull(text));
      Chunks read = Chunks.of(source, model.tokenizer(), context);
      Chunks taken = chunks == 0 ? read : read.first(chunks);
      return new ImportanceRun(model.model(), workers).measure(taken, progress);
    }
  }

  private ImportanceMatrix merged() throws IOException {
    ImportanceMatrix sum = read(files.getFirst());
    for (Path file : files.subList(1, files.size())) {
      try {
        sum = sum.merge(read(file));
      } catch (IllegalArgumentException other) {
        throw new IllegalArgumentException(file + ": " + other.getMessage(), other);
      }
    }
    return sum;
  }

  private ImportanceMatrix read(Path file) throws IOException {
    return ImportanceFile.read(InputFile.require(file), context);
  }

  private void write(Path target, ImportanceMatrix matrix) throws IOException {
    for (Path file : files) {
      if (Files.exists(target) && Files.isSameFile(target, file)) {
        throw new IllegalArgumentException(target + ": is being read; write to another name");
      }
    }
    if (target.toString().endsWith(".dat")) {
      ImportanceFile.writeLegacy(target, matrix);
    } else {
      ImportanceFile.write(target, matrix);
    }
    if (json) {
      console.out().println(ImportanceShow.json(target, matrix));
    } else {
      console.out().println(target + ": " + ImportanceShow.summary(matrix));
    }
  }
}
