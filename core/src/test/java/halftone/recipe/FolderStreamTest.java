package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.huggingface.ModelSources;
import halftone.huggingface.SparseFolder;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.ModelSource;
import halftone.preset.Preset;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From a folder to a mixed GGUF file in one stream: the heap does not grow with the model.
class FolderStreamTest {
  @TempDir private Path folder;

  /// Each of its matrices is larger than the heap.
  private static final SparseFolder SMALL = new SparseFolder(512, 36_864, 1, 4, 300, 1);

  /// As large as Llama 3.1 8B, its vocabulary too.
  private static final SparseFolder LARGE = new SparseFolder(4096, 16_384, 27, 32, 128_256, 8);

  @Test
  void aHeapSmallerThanEveryMatrixIsEnough() throws IOException, InterruptedException {
    assertThat(SMALL.bytes()).isGreaterThan(113_000_000);
    quantizes(SMALL, "Q4_K_M", "-Xmx36m");
  }

  /// `mvn -Pslow verify -pl core -Dtest=FolderStreamTest`
  @Test
  @Tag("slow")
  void sixteenGigabytesPassThroughTwo() throws IOException, InterruptedException {
    assertThat(LARGE.bytes()).isGreaterThan(16_000_000_000L);
    quantizes(LARGE, "Q4_K_M", "-Xmx2g");
  }

  private void quantizes(SparseFolder model, String preset, String heap)
      throws IOException, InterruptedException {
    Path source = model.write(Files.createDirectory(folder.resolve("model")));
    Path output = folder.resolve("out.gguf");
    assertThat(start(heap, source.toString(), output.toString(), preset).waitFor()).isZero();
    try (GgufFile file = GgufReader.open(output)) {
      assertThat(file.tensors().get("blk.0.ffn_up.weight").format().id()).isEqualTo("Q4_K");
      float[] row = new float[model.width()];
      file.tensors().get("blk.0.ffn_up.weight").rows(0, 1, row, 0);
      assertThat(row).doesNotContain(Float.NaN).isNotEqualTo(new float[row.length]);
      float[] last = new float[model.width()];
      file.tensors().get("blk.0.ffn_up.weight").rows(model.feedForward() - 1L, 1, last, 0);
      assertThat(last).containsOnly(0f);
    }
  }

  private static Process start(String... arguments) throws IOException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                arguments[0],
                "-cp",
                System.getProperty("java.class.path"),
                FolderStreamTest.class.getName()));
    command.addAll(List.of(arguments).subList(1, arguments.length));
    return new ProcessBuilder(command).inheritIO().start();
  }

  /// Arguments: folder, file to write, preset.
  public static void main(String[] arguments) throws IOException {
    try (ModelSource source = ModelSources.open(Path.of(arguments[0]));
        Workers workers = new LocalWorkers(2)) {
      Model model = ModelReader.read(source);
      new PresetRun(Preset.named(arguments[2]), GivenImportance.none(), List.of(), workers)
          .write(model, source, Path.of(arguments[1]), Progress.SILENT);
    }
  }
}
