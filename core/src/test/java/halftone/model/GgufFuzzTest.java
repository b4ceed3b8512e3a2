package halftone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged files give the one clear exception, never another, nor a large allocation.
class GgufFuzzTest {
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

  @Test
  void survivesRandomDamage() {
    SplittableRandom random = new SplittableRandom(20260805);
    int refused = 0;
    for (int round = 0; round < 4000; round++) {
      byte[] damaged = model.clone();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        damaged[random.nextInt(header)] = (byte) random.nextInt();
      }
      refused += survives(damaged) ? 0 : 1;
    }
    assertThat(refused).isBetween(400, 3999);
  }

  private static boolean survives(byte[] file) {
    try {
      read(file);
      return true;
    } catch (MalformedFileException _) {
      return false;
    }
  }

  private static void read(byte[] file) {
    try (GgufFile opened =
        GgufReader.parse(
            Path.of("damaged.gguf"), Arena.ofConfined(), MemorySegment.ofArray(file))) {
      Model model = ModelReader.read(opened);
      model.metadata().forEach((key, value) -> assertThat(key + value).isNotEmpty());
      assertThat(Architectures.obstacle(model).isPresent()).isEqualTo(model.stages().isEmpty());
    }
  }
}
