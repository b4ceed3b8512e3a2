package halftone.app;

import halftone.huggingface.ModelSources;
import halftone.model.GgmlType;
import halftone.model.ModelSource;
import halftone.preset.TensorTypeFile;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `halftone inspect`: what a file holds, or how two differ.
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description =
        "Shows a model's metadata, tensors and sizes, or how two models differ: GGUF files, or folders with"
            + " config.json and safetensors as GGUF would hold them.",
    footer = {
      "",
      "Examples:",
      "  halftone inspect model.gguf",
      "  halftone inspect model.gguf --json --full",
      "  halftone inspect q4_k_m.gguf ours.gguf",
      "  halftone inspect SmolLM2-135M/ model-f16.gguf",
      "  halftone inspect ours.gguf --tensor-types types.txt"
    })
final class InspectCommand implements Callable<Integer> {
  private static final int LONGEST = 6;

  private final Console console;

  @Parameters(arity = "1..2", paramLabel = "FILE", description = "One model, or two to compare.")
  private List<Path> files;

  @Option(names = "--full", description = "Show long texts and arrays whole.")
  private boolean full;

  @Option(
      names = "--no-contents",
      description = "With two files: compare types and shapes, and read no weight.")
  private boolean noContents;

  @Option(
      names = "--tensor-types",
      paramLabel = "OUT",
      description =
          "With one file: also write its tensors' types as a tensor-type file, for llama-quantize or quantize.")
  private @Nullable Path tensorTypes;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    MetadataText text = new MetadataText(full ? Integer.MAX_VALUE : LONGEST);
    for (Path file : files) {
      InputFile.requireModel(file);
    }
    try (ModelSource file = ModelSources.open(files.getFirst())) {
      if (files.size() == 1) {
        if (tensorTypes != null) {
          writeTypes(file, tensorTypes);
        }
        inspect(new Inspection(file, text));
      } else {
        compare(file, text);
      }
    }
    return ExitCode.OK;
  }

  /// Of the matrices: vectors are never quantized.
  private static void writeTypes(ModelSource file, Path target) throws IOException {
    if (Files.exists(target) && Files.isSameFile(target, file.path())) {
      throw new IllegalArgumentException(target + ": is being read; write to another name");
    }
    SequencedMap<String, GgmlType> types = new LinkedHashMap<>();
    for (Tensor tensor : file.tensors().values()) {
      if (tensor.shape().rows() > 1) {
        types.put(tensor.name(), GgmlType.of(tensor.format()));
      }
    }
    TensorTypeFile.write(target, types);
  }

  private void inspect(Inspection inspection) throws IOException {
    if (json) {
      console.out().println(inspection.json());
    } else {
      inspection.print(console.out());
    }
  }

  private void compare(ModelSource file, MetadataText text) throws IOException {
    try (ModelSource other = ModelSources.open(files.getLast())) {
      FileDifference difference = FileDifference.of(file, other, !noContents);
      if (json) {
        console.out().println(difference.json(text));
      } else {
        difference.print(console.out(), text);
      }
    }
  }
}
