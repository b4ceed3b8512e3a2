package halftone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.numeric.NumberFormats;
import halftone.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufWriterTest {
  @TempDir Path folder;

  @Test
  void writesTheCardsExampleFromNothing() throws IOException {
    Path target = folder.resolve("out.gguf");
    try (GgufFile example =
        GgufReader.open(Files.write(folder.resolve("in.gguf"), GgufExample.bytes()))) {
      TinyLlama.write(target, plainCopy(example.metadata()), example.tensors());
    }
    assertThat(target).hasBinaryContent(GgufExample.bytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data/tokenizers/ggml-vocab-bert-bge.gguf",
        "data/tokenizers/ggml-vocab-falcon.gguf",
        "data/tokenizers/ggml-vocab-gpt-2.gguf",
        "data/tokenizers/ggml-vocab-llama-spm.gguf",
        "data/tokenizers/ggml-vocab-phi-3.gguf",
        "data/llama/imatrix.gguf",
        "models/SmolLM2-135M-Instruct.Q4_1.gguf"
      })
  void copiesRealFilesByteForByte(String name) throws IOException {
    Path original = SharedFolder.file(name);
    Path copy = folder.resolve("copy.gguf");
    try (GgufFile file = GgufReader.open(original)) {
      TinyLlama.write(copy, file.metadata(), file.tensors());
      assertThat(GgufWriter.fileSize(file.metadata(), infos(file))).isEqualTo(Files.size(original));
    }
    assertThat(Files.mismatch(original, copy)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"smollm2-135m-f16.gguf", "smollm2-135m-aligned-f16.gguf"})
  void rewritesTheHeadersOfTheReferenceModels(String name) throws IOException {
    Path original = SharedFolder.reference(name);
    try (GgufFile file = GgufReader.open(original)) {
      byte[] header = GgufHeaderWriter.write(plainCopy(file.metadata()), infos(file));
      try (var in = Files.newInputStream(original)) {
        assertThat(Arrays.equals(in.readNBytes(header.length), header)).isTrue();
      }
      assertThat(GgufWriter.fileSize(file.metadata(), infos(file))).isEqualTo(Files.size(original));
    }
  }

  @Test
  void countsPaddingOfAnyAlignment() throws IOException {
    for (long alignment : new long[] {1, 2, 32, 64, 4096}) {
      TinyLlama tiny = new TinyLlama(18, 1, 3, 1, 10, true, alignment);
      SequencedMap<String, GgufValue> metadata = tiny.metadata();
      metadata.put(GgufFile.ALIGNMENT, new GgufValue.U32(alignment));
      Path target = TinyLlama.write(folder.resolve("a" + alignment), metadata, tiny.tensors());
      try (GgufFile file = GgufReader.open(target)) {
        assertThat(file.alignment()).isEqualTo((int) alignment);
        assertThat(file.metadata()).isEqualTo(metadata);
        assertThat(file.headerBytes() % alignment).isZero();
        assertThat(GgufWriter.fileSize(metadata, infos(file))).isEqualTo(Files.size(target));
      }
    }
  }

  @Test
  void keepsEveryWireTypeAndTheBitsOfNaNs() throws IOException {
    SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
    List<GgufValue> values =
        List.of(
            new GgufValue.U8(255),
            new GgufValue.I8(-128),
            new GgufValue.U16(65_535),
            new GgufValue.I16(-32_768),
            new GgufValue.U32(0xFFFF_FFFFL),
            new GgufValue.I32(Integer.MIN_VALUE),
            new GgufValue.F32(Float.intBitsToFloat(0x7FC0_1234)),
            new GgufValue.Bool(true),
            new GgufValue.Text("▁é\uDCFF"),
            new GgufValue.U64(-1),
            new GgufValue.I64(Long.MIN_VALUE),
            new GgufValue.F64(Double.longBitsToDouble(0x7FF8_0000_0000_1234L)));
    for (GgufValue value : values) {
      String name = GgufType.of(value).name();
      metadata.put(name, value);
      List<GgufValue> twice = List.of(value, value);
      metadata.put(name + "s", new GgufValue.Array(GgufType.of(value).id(), twice));
    }
    Path target = TinyLlama.write(folder.resolve("all.gguf"), metadata, new LinkedHashMap<>());
    try (GgufFile file = GgufReader.open(target)) {
      assertThat(file.metadata()).isEqualTo(metadata);
      assertThat(GgufHeaderWriter.write(plainCopy(file.metadata()), List.of()))
          .isEqualTo(Files.readAllBytes(target));
    }
  }

  @Test
  void leavesNothingWhenItWasNotCommitted() throws IOException {
    Path target = folder.resolve("out.gguf");
    List<TensorInfo> tensors = List.of(info("a"), info("b"));
    try (GgufWriter writer = GgufWriter.create(target, new LinkedHashMap<>(), tensors, List.of())) {
      MemorySegment bytes = MemorySegment.ofArray(new byte[12]);
      assertThatThrownBy(() -> writer.write("b", bytes)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> writer.write("a", bytes.asSlice(1)))
          .isInstanceOf(IllegalArgumentException.class);
      writer.write("a", bytes);
      assertThatThrownBy(writer::commit)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("tensor b was never written");
      assertThat(target).doesNotExist();
      assertThat(files()).singleElement().asString().endsWith(".part");
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void completesItsMetadataAtTheEnd() throws IOException {
    Path target = folder.resolve("out.gguf");
    List<TensorInfo> tensors = List.of(info("a"));
    MemorySegment bytes = MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    SequencedMap<String, GgufValue> known = metadata("hash", new GgufValue.Text("abcd"));
    try (GgufWriter writer =
        GgufWriter.create(
            target, metadata("hash", new GgufValue.Text("0000")), tensors, List.of())) {
      writer.write("a", bytes);
      assertThatThrownBy(
              () -> writer.complete(metadata("hash", new GgufValue.Text("x".repeat(99)))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the header has");
      writer.complete(known);
      writer.commit();
    }
    Path atOnce = folder.resolve("at-once.gguf");
    try (GgufWriter writer = GgufWriter.create(atOnce, known, tensors, List.of())) {
      writer.write("a", bytes);
      writer.commit();
    }
    assertThat(target).hasSameBinaryContentAs(atOnce);
  }

  @Test
  void refusesToReplaceAnInput() throws IOException {
    Path input = TinyLlama.seeded(1).write(folder.resolve("in.gguf"));
    Path link = Files.createSymbolicLink(folder.resolve("link.gguf"), input);
    for (Path target : List.of(input, link, folder.resolve("./in.gguf"))) {
      assertThatThrownBy(
              () -> GgufWriter.create(target, new LinkedHashMap<>(), List.of(), List.of(input)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is being read");
    }
    assertThat(files()).containsExactlyInAnyOrder(input, link);
  }

  @Test
  void removesWhatADeadProcessLeft() throws IOException {
    Path dead = Files.createFile(folder.resolve("out.gguf.999999999999999999-a1.part"));
    long alive = ProcessHandle.current().pid();
    Path living = Files.createFile(folder.resolve("out.gguf." + alive + "-a1.part"));
    Path foreign = Files.createFile(folder.resolve("out.gguf.mine.part"));
    TinyLlama.write(folder.resolve("out.gguf"), new LinkedHashMap<>(), new LinkedHashMap<>());
    assertThat(dead).doesNotExist();
    assertThat(living).exists();
    assertThat(foreign).exists();
  }

  @Test
  void refusesWhatGgufCannotHold() {
    refuses(metadata("", new GgufValue.U8(1)), List.of());
    GgufValue nested = new GgufValue.Array(GgufType.ARRAY.id(), List.of());
    refuses(metadata("k", nested), List.of());
    GgufValue mixed = new GgufValue.Array(GgufType.UINT8.id(), List.of(new GgufValue.I8(1)));
    refuses(metadata("k", mixed), List.of());
    refuses(metadata(GgufFile.ALIGNMENT, new GgufValue.U32(48)), List.of());
    refuses(new LinkedHashMap<>(), List.of(info("a"), info("a")));
    refuses(new LinkedHashMap<>(), List.of(info("n".repeat(64))));
    assertThatThrownBy(() -> new GgufValue.U8(256)).isInstanceOf(IllegalArgumentException.class);
  }

  private void refuses(SequencedMap<String, GgufValue> metadata, List<TensorInfo> tensors) {
    assertThatThrownBy(() -> GgufWriter.create(folder.resolve("bad"), metadata, tensors, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(folder).isEmptyDirectory();
  }

  private static SequencedMap<String, GgufValue> metadata(String key, GgufValue value) {
    SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put(key, value);
    return metadata;
  }

  private static TensorInfo info(String name) {
    return new TensorInfo(name, Shape.of(3), NumberFormats.named("F32"));
  }

  private static List<TensorInfo> infos(GgufFile file) {
    return file.tensors().values().stream().map(TensorInfo::of).toList();
  }

  /// The same values without what the reader kept of the file's bytes, so that they are encoded
  /// anew.
  private static SequencedMap<String, GgufValue> plainCopy(
      SequencedMap<String, GgufValue> metadata) {
    SequencedMap<String, GgufValue> plain = new LinkedHashMap<>();
    metadata.forEach(
        (key, value) ->
            plain.put(
                key,
                value instanceof GgufValue.Array(int type, List<GgufValue> elements)
                    ? new GgufValue.Array(type, List.copyOf(elements))
                    : value));
    return plain;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
