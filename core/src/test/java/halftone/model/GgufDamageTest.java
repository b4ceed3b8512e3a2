package halftone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Headers cut off anywhere and the largest length anywhere: what chance (see `halftone.fuzz`) may
/// miss.
class GgufDamageTest {
  @TempDir Path folder;
  private byte[] model = new byte[0];
  private int header;

  @BeforeEach
  void writeModel() throws IOException {
    TinyLlama tiny = new TinyLlama(16, 1, 2, 1, 32, false, 5);
    SequencedMap<String, GgufValue> metadata = tiny.metadata();
    metadata.keySet().removeIf(key -> key.startsWith("tokenizer"));
    List<GgufValue> texts = List.of(new GgufValue.Text("one"), new GgufValue.Text(""));
    metadata.put("test.texts", new GgufValue.Array(GgufType.STRING.id(), texts));
    Path path = TinyLlama.write(folder.resolve("tiny.gguf"), metadata, tiny.tensors());
    model = Files.readAllBytes(path);
    try (GgufFile file = GgufReader.open(path)) {
      header = Math.toIntExact(file.headerBytes());
    }
  }

  @Test
  void refusesAHeaderTruncatedAtAnyByte() {
    for (int length = 0; length <= header; length++) {
      byte[] cut = Arrays.copyOf(model, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(MalformedFileException.class);
    }
  }

  @Test
  void survivesTheLargestLengthAnywhere() {
    for (int at = 0; at + Long.BYTES <= header; at++) {
      byte[] damaged = model.clone();
      MemorySegment.ofArray(damaged)
          .set(
              ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
              at,
              Long.MAX_VALUE);
      survives(damaged);
    }
  }

  private static void survives(byte[] file) {
    try {
      read(file);
    } catch (MalformedFileException refused) {
      assertThat(refused).hasMessageContaining("damaged.gguf");
    }
  }

  private static void read(byte[] file) {
    try (GgufFile opened = GgufBytes.open("damaged.gguf", file)) {
      Model model = ModelReader.read(opened);
      model.metadata().forEach((key, value) -> assertThat(key + value).isNotEmpty());
      assertThat(Architectures.obstacle(model).isPresent()).isEqualTo(model.stages().isEmpty());
    }
  }
}
