package halftone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufReaderTest {
  private static final long[] VECTOR = {2};

  @TempDir Path folder;

  @Test
  void readsTheCardsExample() throws IOException {
    CRC32 crc = new CRC32();
    crc.update(GgufExample.bytes());
    assertThat(crc.getValue()).isEqualTo(0x6d4ea1c0L);
    try (GgufFile file = GgufReader.open(stored(GgufExample.bytes()))) {
      assertThat(file.metadata().sequencedKeySet())
          .containsExactly("general.architecture", "test.block_count", "test.flag", "test.arr");
      assertThat(file.metadata().get("test.block_count")).isEqualTo(new GgufValue.U32(1));
      assertThat(file.metadata().get("test.flag")).isEqualTo(new GgufValue.Bool(true));
      assertThat(file.keys().ints("test.arr")).containsExactly(1, 2, 3);
      assertThat(file.headerBytes()).isEqualTo(0x100);
      assertThat(bytes(file, "a.weight").toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
          .containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(bytes(file, "b").toArray(ValueLayout.JAVA_SHORT_UNALIGNED))
          .containsExactly((short) 0x3800, (short) 0xb800);
    }
  }

  @Test
  void metadataOutlivesTheFileAndTensorsDoNot() throws IOException {
    GgufFile file = GgufReader.open(stored(GgufExample.bytes()));
    file.close();
    assertThat(file.keys().ints("test.arr")).hasSize(3);
    assertThatThrownBy(() -> bytes(file, "b").get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesWhatIsNoGguf() {
    refuses(new byte[0], "magic");
    refuses("ggjt more".getBytes(), "magic: found the bytes 67676a74");
    refuses(GgufExample.header(1, 0, 0).padded(0), "version: found 1");
    refuses(GgufExample.header(0, 0, 0).padded(0), "version: found 0");
    refuses(GgufExample.header(4, 0, 0).padded(0), "version: found 4");
    refuses(GgufExample.header(0x03000000, 0, 0).padded(0), "endianness mismatch");
  }

  @Test
  void refusesKeysThatBreakTheRules() {
    refuses(GgufExample.header(3, 0, 1).text("").i32(4).i64(1).padded(0), "a key of 0 characters");
    refuses(GgufExample.header(3, 0, 1).text("k").i32(13).padded(9), "k: found value type 13");
    refuses(
        GgufExample.header(3, 0, 2).text("k").i32(4).i32(1).text("k").i32(4).i32(1).padded(0),
        "k: found the key a second time");
    refuses(
        GgufExample.header(3, 0, 1).text("k").i32(8).i64(Long.MAX_VALUE).padded(0),
        "k: found a string of 9223372036854775807 bytes with");
    refuses(
        GgufExample.header(3, 0, 1).text("k").i32(9).i32(9).i64(0).padded(0), "an array of arrays");
    refuses(GgufExample.header(3, 0, 1).text("k").i32(7).raw("\2").padded(0), "the byte 2");
    refuses(
        GgufExample.header(3, 0, 1).text("k").i32(9).i32(4).i64(1L << 40).padded(0),
        "k: found 1099511627776 in a file with");
  }

  @Test
  void messagesStayOnOneShortLine() {
    String key = "a\nb".repeat(1000);
    refuses(GgufExample.header(3, 0, 1).text(key).i32(99).padded(0), "a?ba?b");
    assertThat(new MalformedFileException("f", key, key, "go").getMessage()).hasSizeLessThan(300);
  }

  @Test
  void refusesAlignmentsThatAreNoPowerOfTwo() {
    refuses(alignment(4, 0), "general.alignment");
    refuses(alignment(4, 48), "general.alignment");
    refuses(alignment(5, 64), "general.alignment");
  }

  @Test
  void refusesTensorsThatBreakTheRules() {
    refuses(tensor("", VECTOR, 0, 0), "names have 1 to 63 bytes");
    refuses(tensor("n".repeat(64), VECTOR, 0, 0), "names have 1 to 63 bytes");
    refuses(tensor("t", new long[] {1, 1, 1, 1, 1}, 0, 0), "tensor t: found 5 dimensions");
    refuses(tensor("t", new long[] {-2}, 0, 0), "tensor t: found extents [-2]");
    refuses(tensor("t", new long[] {0}, 0, 0), "tensor t: found extents [0]");
    refuses(tensor("t", new long[] {1L << 30, 1L << 30, 1L << 30}, 0, 0), "too large");
    refuses(tensor("t", new long[] {1L << 30, 1L << 32}, 0, 0), "too large");
    refuses(tensor("t", new long[] {33}, 8, 0), "tensor t: found rows of 33 in Q8_0");
    refuses(tensor("t", VECTOR, 0, 32), "tensor t: found offset 32");
    refuses(tensor("t", new long[] {64}, 0, 0), "tensor t: found data up to byte");
  }

  @Test
  void refusesTypesThatFilesCannotHold() {
    for (int removed : new int[] {4, 5, 31, 32, 33, 36, 37, 38}) {
      refuses(tensor("t", VECTOR, removed, 0), "type " + removed + "; llama.cpp removed this type");
    }
    refuses(tensor("t", VECTOR, 9, 0), "rounds activations");
    refuses(tensor("t", VECTOR, 15, 0), "rounds activations");
    refuses(tensor("t", VECTOR, 43, 0), "the tensor type 43");
    refuses(tensor("t", VECTOR, -1, 0), "the tensor type 4294967295");
  }

  @Test
  void refusesTwoTensorsOfOneName() {
    GgufExample header = GgufExample.header(3, 2, 0).tensor("t", VECTOR, 0, 0);
    refuses(header.tensor("t", VECTOR, 0, 32).padded(64), "the name a second time");
  }

  @Test
  void refusesFilesLongerOrShorterThanPromised() {
    byte[] example = GgufExample.bytes();
    refuses(java.util.Arrays.copyOf(example, 321), "length: found 321 bytes");
    refuses(java.util.Arrays.copyOf(example, 319), "length: found 319 bytes");
    refuses(java.util.Arrays.copyOf(example, 0x122), "tensor b: found data up to byte 292");
  }

  @Test
  void keepsStringsThatAreNotUtf8() {
    byte[] bytes = {
      'a', (byte) 0xFF, (byte) 0xC3, (byte) 0xA9, (byte) 0xED, (byte) 0xB2, (byte) 0x80, (byte) 0xE2
    };
    String text = GgufText.decode(bytes, 0, bytes.length);
    assertThat(text).startsWith("a\uDCFFé");
    assertThat(GgufText.encode(text)).isEqualTo(bytes);
  }

  private static MemorySegment bytes(GgufFile file, String tensor) {
    return Objects.requireNonNull(file.tensors().get(tensor)).bytes();
  }

  private static byte[] alignment(int type, int value) {
    return GgufExample.header(3, 0, 1).text("general.alignment").i32(type).i32(value).padded(0);
  }

  private static byte[] tensor(String name, long[] extents, int type, long offset) {
    return GgufExample.header(3, 1, 0).tensor(name, extents, type, offset).padded(32);
  }

  private void refuses(byte[] file, String message) {
    assertThatThrownBy(() -> GgufReader.open(stored(file)).close())
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContainingAll(List.of("some.gguf", message).toArray(String[]::new));
  }

  private Path stored(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("some.gguf"), bytes);
  }
}
