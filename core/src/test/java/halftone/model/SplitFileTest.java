package halftone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaModel;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models in several files.
class SplitFileTest {
  private static final int[] TOKENS = {257, 32, 259, 5, 17};

  @TempDir private Path folder;
  private final TinyLlama tiny = TinyLlama.seeded(4);

  /// The tiny model in parts of 60 kB.
  private List<Path> split(String name) throws IOException {
    SequencedMap<String, Tensor> tensors = tiny.tensors();
    List<TensorInfo> infos = tensors.values().stream().map(TensorInfo::of).toList();
    try (SplitWriter writer =
        SplitWriter.create(folder.resolve(name), tiny.metadata(), infos, 60_000, List.of())) {
      for (Tensor tensor : tensors.values()) {
        writer.write(tensor);
      }
      writer.commit();
      return writer.paths();
    }
  }

  @Test
  void anyPartOpensTheWholeModel() throws IOException {
    List<Path> parts = split("model.gguf");
    assertThat(parts).hasSizeBetween(3, 9);
    for (Path part : parts) {
      assertThat(Files.size(part)).isBetween(1L, 80_000L);
      try (GgufFile file = GgufReader.open(part)) {
        assertThat(file.path()).isEqualTo(part);
        assertThat(file.files()).isEqualTo(parts);
        assertThat(file.metadata()).isEqualTo(tiny.metadata());
        assertThat(file.tensors().sequencedKeySet())
            .containsExactlyElementsOf(tiny.tensors().sequencedKeySet());
        for (Tensor tensor : tiny.tensors().values()) {
          assertThat(bytes(file.tensors().get(tensor.name()))).isEqualTo(bytes(tensor));
        }
        assertThat(Architectures.obstacle(ModelReader.read(file))).isEmpty();
      }
    }
  }

  private static byte[] bytes(Tensor tensor) {
    return tensor.bytes().toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void llamaCppRunsThePartsAsTheWhole() throws IOException {
    Llama llama = Llama.open(AssumedLlamaCpp.library());
    Path whole = tiny.write(folder.resolve("whole.gguf"));
    try (LlamaModel one = llama.load(whole, 64, 1);
        LlamaModel several = llama.load(split("model.gguf").getFirst(), 64, 1)) {
      assertThat(several.logits(TOKENS, 0, TOKENS.length))
          .isDeepEqualTo(one.logits(TOKENS, 0, TOKENS.length));
    }
  }

  @Test
  void oneThatFitsStaysOneFile() throws IOException {
    List<TensorInfo> infos = tiny.tensors().values().stream().map(TensorInfo::of).toList();
    long size = GgufWriter.fileSize(tiny.metadata(), infos);
    try (SplitWriter writer =
        SplitWriter.create(folder.resolve("m.gguf"), tiny.metadata(), infos, size, List.of())) {
      assertThat(writer.paths()).containsExactly(folder.resolve("m.gguf"));
    }
    assertThat(folder).isEmptyDirectory();
  }

  /// llama-gguf-split --no-tensor-first-split.
  @Test
  void theFirstPartMayHoldNoTensor() throws IOException {
    SequencedMap<String, Tensor> none = new java.util.LinkedHashMap<>();
    int count = tiny.tensors().size();
    TinyLlama.write(
        folder.resolve("m-00001-of-00002.gguf"),
        SplitKeys.with(tiny.metadata(), 1, 2, count),
        none);
    TinyLlama.write(
        folder.resolve("m-00002-of-00002.gguf"),
        SplitKeys.with(new java.util.LinkedHashMap<>(), 2, 2, count),
        tiny.tensors());
    try (GgufFile file = GgufReader.open(folder.resolve("m-00002-of-00002.gguf"))) {
      assertThat(file.tensors()).hasSize(count);
      assertThat(file.keys().requireText("general.architecture")).isEqualTo("llama");
    }
  }

  @Test
  void namesThePartThatIsMissing() throws IOException {
    List<Path> parts = split("model.gguf");
    Files.delete(parts.get(1));
    assertThatThrownBy(() -> GgufReader.open(parts.getFirst()))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(parts.get(1).toString())
        .hasMessageContaining("part 2 of " + parts.size())
        .hasMessageContaining("one folder");
  }

  @Test
  void refusesAPartWithAnotherName() throws IOException {
    List<Path> parts = split("model.gguf");
    Path renamed = Files.copy(parts.get(1), folder.resolve("second.gguf"));
    refuses(renamed, "split.no", "end this file's in -00002-of-0000" + parts.size());
    Path swapped = folder.resolve("x-00001-of-0000%d.gguf".formatted(parts.size()));
    Files.copy(parts.get(1), swapped);
    refuses(swapped, "split.no", "part 2 of");
  }

  @Test
  void refusesPartsOfDifferentModels() throws IOException {
    List<Path> parts = split("model.gguf");
    replace(parts.get(1), parts.get(2), "split.no", "found 2; it should be 1");
    SequencedMap<String, Tensor> twice = tiny.tensors();
    rewrite(parts.get(1), parts.size(), twice, twice.size());
    refuses(parts.getLast(), "tensor token_embd.weight", "a second time");
    SequencedMap<String, Tensor> none = new java.util.LinkedHashMap<>();
    rewrite(parts.get(1), parts.size(), none, twice.size());
    refuses(parts.getFirst(), "split.tensors.count", "found " + twice.size());
    rewrite(parts.get(1), parts.size() + 1, none, twice.size());
    refuses(parts.getFirst(), "split.count", "it should be " + parts.size());
  }

  private static void replace(Path target, Path by, String field, String message)
      throws IOException {
    byte[] own = Files.readAllBytes(target);
    Files.write(target, Files.readAllBytes(by));
    refuses(by, field, message);
    Files.write(target, own);
  }

  private static void rewrite(Path part, int count, SequencedMap<String, Tensor> tensors, int all)
      throws IOException {
    TinyLlama.write(part, SplitKeys.with(new java.util.LinkedHashMap<>(), 2, count, all), tensors);
  }

  private static void refuses(Path path, String field, String message) {
    assertThatThrownBy(() -> GgufReader.open(path).close())
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining(field)
        .hasMessageContaining(message);
  }

  @Test
  void leavesNoPartWhenOneIsMissing() throws IOException {
    List<TensorInfo> infos = tiny.tensors().values().stream().map(TensorInfo::of).toList();
    try (SplitWriter writer =
        SplitWriter.create(folder.resolve("m.gguf"), tiny.metadata(), infos, 60_000, List.of())) {
      assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
    }
    assertThat(folder).isEmptyDirectory();
  }
}
