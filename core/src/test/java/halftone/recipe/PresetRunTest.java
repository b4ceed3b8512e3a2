package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.ModelReader;
import halftone.model.TinyLlama;
import halftone.preset.Preset;
import halftone.store.ContentHash;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PresetRunTest {
  @TempDir private Path folder;

  /// The source is hashed while it is encoded: the hash comes last.
  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, 300_000})
  void theFileNamesItsSource(long most) throws IOException {
    Path source = TinyLlama.wide(3).write(folder.resolve("model.gguf"));
    List<Path> files = write(source, most);
    assertThat(files).hasSize(most == Long.MAX_VALUE ? 1 : 5);
    try (GgufFile file = GgufReader.open(files.getFirst())) {
      assertThat(Provenance.read(file.keys()).entries().get(Provenance.SOURCE))
          .isEqualTo(ContentHash.of(Files.readAllBytes(source)).hex());
    }
  }

  /// Of a weight that is encoded, and of one that is kept.
  @ParameterizedTest
  @ValueSource(strings = {"blk.1.ffn_up.weight", "blk.1.ffn_norm.weight"})
  void aBrokenWeightIsNamedAndNothingWritten(String name) throws IOException {
    Path source = TinyLlama.wide(3).write(folder.resolve("model.gguf"));
    int column = 131;
    breakWeight(source, name, column);
    assertThatThrownBy(() -> write(source, Long.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name + ": the weight at row 0, column " + column + " is NaN");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(source);
    }
  }

  @Test
  void aSourceThatVanishesIsReported() throws IOException {
    Path source = TinyLlama.wide(3).write(folder.resolve("model.gguf"));
    assertThatThrownBy(
            () -> {
              try (GgufFile file = GgufReader.open(source);
                  Workers workers = new LocalWorkers(1)) {
                Files.delete(source);
                run(workers).write(ModelReader.read(file), file, output(), Progress.SILENT);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("model.gguf");
    assertThat(folder).isEmptyDirectory();
  }

  private List<Path> write(Path source, long most) throws IOException {
    try (GgufFile file = GgufReader.open(source);
        Workers workers = new LocalWorkers(2)) {
      return run(workers)
          .write(ModelReader.read(file), file, output(), most, Progress.SILENT)
          .files();
    }
  }

  private static PresetRun run(Workers workers) {
    return new PresetRun(Preset.Q6_K, GivenImportance.none(), List.of(), workers);
  }

  private Path output() {
    return folder.resolve("out.gguf");
  }

  /// Puts NaN in the first row of a tensor.
  private static void breakWeight(Path source, String name, int column) throws IOException {
    long at;
    try (GgufFile file = GgufReader.open(source)) {
      at = file.headerBytes();
      for (Tensor tensor : file.tensors().values()) {
        if (tensor.name().equals(name)) {
          break;
        }
        at += Math.ceilDiv(tensor.byteSize(), file.alignment()) * file.alignment();
      }
    }
    try (FileChannel channel = FileChannel.open(source, StandardOpenOption.WRITE)) {
      ByteBuffer nan = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(nan.putFloat(Float.NaN).flip(), at + (long) column * Float.BYTES);
    }
  }
}
