package halftone.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.MalformedFileException;
import halftone.model.SharedFolder;
import halftone.model.TinyLlama;
import halftone.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportanceFileTest {
  @TempDir Path folder;

  @Test
  void bothRealFormsAgree() throws IOException {
    ImportanceMatrix gguf = read(SharedFolder.file("data/llama/imatrix.gguf"));
    ImportanceMatrix legacy = read(SharedFolder.file("data/llama/imatrix.dat"));
    assertThat(gguf.chunks()).isEqualTo(10).isEqualTo(legacy.chunks());
    assertThat(gguf.datasets()).isEqualTo(legacy.datasets());
    assertThat(legacy.entries().sequencedKeySet())
        .hasSize(210)
        .containsExactlyElementsOf(gguf.entries().sequencedKeySet());
    for (String weight : gguf.entries().sequencedKeySet()) {
      assertThat(legacy.importance(weight)).isEqualTo(gguf.importance(weight));
    }
  }

  @Test
  void writesWhatTheRealToolWrites() throws IOException {
    Path gguf = SharedFolder.file("data/llama/imatrix.gguf");
    Path legacy = SharedFolder.file("data/llama/imatrix.dat");
    ImportanceMatrix matrix = read(gguf);
    Path copy = folder.resolve("copy");
    ImportanceFile.write(copy, matrix);
    assertThat(Files.mismatch(copy, gguf)).isEqualTo(-1);
    ImportanceFile.writeLegacy(copy, matrix);
    assertThat(Files.mismatch(copy, legacy)).isEqualTo(-1);
  }

  @Test
  void keepsExpertsApart() throws IOException {
    ImportanceMatrix matrix = experts();
    ImportanceFile.write(folder.resolve("m.gguf"), matrix);
    ImportanceMatrix back = read(folder.resolve("m.gguf"));
    assertThat(back.datasets()).containsExactly("a", "b");
    assertThat(Objects.requireNonNull(back.entries().get("blk.0.ffn_up_exps.weight")).counts())
        .containsExactly(4, 0);
    assertThat(back.importance("blk.0.ffn_up_exps.weight", Shape.of(3, 5, 2)))
        .containsExactly(0.25f, 0.5f, 0.75f, 1, 1, 1);
    ImportanceFile.writeLegacy(folder.resolve("m.dat"), matrix);
    assertThat(read(folder.resolve("m.dat")).importance("blk.0.ffn_up_exps.weight"))
        .containsExactly(0.25f, 0.5f, 0.75f, 1, 1, 1);
  }

  @Test
  void mergesAsOneRunOverBothTexts() {
    ImportanceMatrix merged = of("w", 1, 2).merge(of("w", 3, 5)).merge(of("v", 7));
    assertThat(merged.importance("w")).containsExactly(2, 3.5f);
    assertThat(merged.importance("v")).containsExactly(7);
    assertThat(merged.importance("absent")).isNull();
    assertThat(merged.chunks()).isEqualTo(3);
    assertThat(merged.datasets()).containsExactly("text");
    assertThatThrownBy(() -> of("w", 1).merge(of("w", 1, 2))).hasMessageContaining("of w");
  }

  @Test
  void refusesAWeightOfAnotherLength() {
    assertThatThrownBy(() -> of("blk.3.w", 1, 2).importance("blk.3.w", Shape.of(3, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("blk.3.w has 2 values for 3");
  }

  @Test
  void refusesSumsThatAreNoNumbers() {
    for (float bad : new float[] {Float.NaN, -1, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> of("w", bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesTruncatedAndDamagedFiles() throws IOException {
    Path path = folder.resolve("i");
    for (boolean legacy : new boolean[] {true, false}) {
      if (legacy) {
        ImportanceFile.writeLegacy(path, experts());
      } else {
        ImportanceFile.write(path, experts());
      }
      byte[] whole = Files.readAllBytes(path);
      for (int length = 0; length < whole.length; length++) {
        boolean withoutDataset = legacy && length == whole.length - 9;
        assertThat(survives(path, Arrays.copyOf(whole, length))).isEqualTo(withoutDataset);
      }
      SplittableRandom random = new SplittableRandom(3);
      for (int round = 0; round < 300; round++) {
        byte[] damaged = whole.clone();
        damaged[random.nextInt(whole.length)] = (byte) random.nextInt();
        survives(path, damaged);
      }
    }
  }

  @Test
  void refusesAModel() throws IOException {
    Path model = TinyLlama.seeded(2).write(folder.resolve("model.gguf"));
    assertThatThrownBy(() -> read(model))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("model.gguf: general.type");
  }

  private static boolean survives(Path path, byte[] bytes) throws IOException {
    Files.write(path, bytes);
    try {
      return !read(path).entries().isEmpty();
    } catch (MalformedFileException _) {
      return false;
    }
  }

  private static ImportanceMatrix read(Path path) throws IOException {
    return ImportanceFile.read(path, ImportanceFile.USUAL_CHUNK_SIZE);
  }

  private static ImportanceMatrix of(String weight, float... means) {
    float[] sums = means.clone();
    for (int i = 0; i < sums.length; i++) {
      sums[i] *= 512;
    }
    SequencedMap<String, ImportanceMatrix.Entry> entries = new LinkedHashMap<>();
    entries.put(weight, new ImportanceMatrix.Entry(sums, new float[] {512}));
    return new ImportanceMatrix(entries, List.of("text"), 1, 512);
  }

  private static ImportanceMatrix experts() {
    SequencedMap<String, ImportanceMatrix.Entry> entries = new LinkedHashMap<>();
    entries.put(
        "blk.0.ffn_up_exps.weight",
        new ImportanceMatrix.Entry(new float[] {1, 2, 3, 0, 0, 0}, new float[] {4, 0}));
    entries.put("w", new ImportanceMatrix.Entry(new float[] {1, 2}, new float[] {1000}));
    return new ImportanceMatrix(entries, List.of("a", "b"), 2, 512);
  }
}
