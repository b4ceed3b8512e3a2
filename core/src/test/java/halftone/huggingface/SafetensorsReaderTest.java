package halftone.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.MalformedFileException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsReaderTest {
  private static final String A = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  @TempDir Path folder;

  @Test
  void readsTensorsInTheOrderOfTheirData() {
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"b\":{\"dtype\":\"F16\",\"shape\":[1,3],\"data_offsets\":[8,14]},"
            + A
            + "}   ";
    byte[] data = new byte[14];
    data[8] = 7;
    SequencedMap<String, StoredTensor> tensors = parse(SafetensorsWriter.file(header, data));
    assertThat(tensors.keySet()).containsExactly("a", "b");
    StoredTensor b = tensors.get("b");
    assertThat(b.extents()).containsExactly(1L, 3L);
    assertThat(b.type()).isEqualTo("F16");
    assertThat(b.bytes().toArray(ValueLayout.JAVA_BYTE)).containsExactly(7, 0, 0, 0, 0, 0);
  }

  @Test
  void readsScalarsAndEmptyTensors() {
    byte[] file =
        new SafetensorsWriter()
            .add("scalar", List.of(), new float[] {3}, "F32")
            .add("empty", "F32", List.of(0L, 5L), new byte[0])
            .bytes();
    assertThat(parse(file).keySet()).containsExactlyInAnyOrder("scalar", "empty");
  }

  /// The header, data bytes after it, and what the message must name.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|9|length: found 9 bytes",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|4|length: found 4 bytes",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}|12|data from byte 4",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|8|a: found -8 bytes",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}|8|12 are needed",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}|8|a.shape: found -2",
        "{'a':{'dtype':'F32','shape':[2.5],'data_offsets':[0,8]}}|8|a.shape: found 2.5",
        "{'a':{'dtype':'F99','shape':[2],'data_offsets':[0,8]}}|8|dtype F99",
        "{'a':{'dtype':'F32','shape':[4611686018427387905,4],'data_offsets':[0,8]}}|8|no file",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,16]}}|8|3 offsets",
        "{'a':{'dtype':'F32','data_offsets':[0,8]}}|8|a.shape",
        "{'a':{'shape':[2],'data_offsets':[0,8]}}|8|a.dtype",
        "{'a':[1]}|0|a: found an array",
        "{'a':null}|0|a: found null",
        "{'a':{'dtype':'U8','shape':[8],'data_offsets':[0,8]},'b':{'dtype':'U8','shape':[8],'data_offsets':[4,12]}}|12|b: found data from byte 4 where byte 8",
        "{'a':{'dtype':'U8','shape':[8],'data_offsets':[0,8]},'a':{'dtype':'U8','shape':[8],'data_offsets':[0,8]}}|8|the key twice",
        "{'a':|0|JSON",
        "[]|0|header",
        "{}{}|0|JSON",
        "{}] x|0|JSON",
        "{},{}|0|JSON",
        "{} x|0|JSON",
      })
  void refusesWhatBreaksTheRules(String header, int dataBytes, String message) {
    byte[] file = SafetensorsWriter.file(header.replace('\'', '"'), new byte[dataBytes]);
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith("x.safetensors: ")
        .hasMessageContaining(message);
  }

  @Test
  void refusesDeepNestingInsteadOfOverflowing() {
    String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertThatThrownBy(() -> parse(SafetensorsWriter.file(deep, new byte[0])))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("levels");
  }

  /// Whatever the first eight bytes say, nothing larger than the file is allocated.
  @Test
  void boundsTheHeaderByTheFile() {
    byte[] file = new SafetensorsWriter().add("a", List.of(1L), new float[] {1}, "F32").bytes();
    for (long length : new long[] {Long.MAX_VALUE, -1, 0, 1, file.length, 1L << 33}) {
      byte[] damaged = file.clone();
      MemorySegment.ofArray(damaged).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, length);
      assertThatThrownBy(() -> parse(damaged)).isInstanceOf(MalformedFileException.class);
    }
    for (int length = 0; length < file.length; length++) {
      byte[] truncated = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> parse(truncated)).isInstanceOf(MalformedFileException.class);
    }
  }

  @Test
  void everyDamagedHeaderIsReadOrRefused() {
    byte[] file =
        new SafetensorsWriter()
            .add("a", List.of(2L, 2L), new float[4], "F32")
            .add("b", List.of(3L), new float[3], "BF16")
            .bytes();
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = file.clone();
      for (int flips = random.nextInt(3); flips >= 0; flips--) {
        damaged[random.nextInt(file.length - 22)] = (byte) random.nextInt(256);
      }
      try {
        parse(damaged);
      } catch (MalformedFileException refused) {
        assertThat(refused).hasMessageStartingWith("x.safetensors: ");
      }
    }
  }

  @Test
  void mapsTheShardsOfAnIndex() throws IOException {
    shards(8, "one.safetensors");
    try (Arena arena = Arena.ofConfined()) {
      Shards shards = Shards.map(folder, arena);
      assertThat(shards.tensors().keySet()).containsExactly("a", "b");
      assertThat(shards.files())
          .extracting(file -> file.getFileName().toString())
          .containsExactly("one.safetensors", "two.safetensors");
    }
  }

  @Test
  void namesAMissingShard() throws IOException {
    shards(8, "one.safetensors");
    Files.delete(folder.resolve("two.safetensors"));
    assertThatThrownBy(() -> Shards.map(folder, Arena.ofAuto()))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("two.safetensors");
  }

  @Test
  void refusesAnIndexOfOtherShards() throws IOException {
    shards(8, "two.safetensors");
    assertThatThrownBy(() -> Shards.map(folder, Arena.ofAuto()))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("weight_map.a");
    shards(9, "one.safetensors");
    assertThatThrownBy(() -> Shards.map(folder, Arena.ofAuto()))
        .hasMessageContaining("total_size: found 9 bytes for shards of 8");
    shards(8, "../one.safetensors");
    assertThatThrownBy(() -> Shards.map(folder, Arena.ofAuto()))
        .hasMessageContaining("must name a file of the folder");
  }

  private void shards(int total, String shardOfA) throws IOException {
    new SafetensorsWriter()
        .add("a", List.of(1L), new float[1], "F32")
        .write(folder.resolve("one.safetensors"));
    new SafetensorsWriter()
        .add("b", List.of(1L), new float[1], "F32")
        .write(folder.resolve("two.safetensors"));
    String index =
        "{\"metadata\":{\"total_size\":%d},\"weight_map\":{\"a\":\"%s\",\"b\":\"two.safetensors\"}}";
    Files.writeString(folder.resolve(Shards.INDEX), index.formatted(total, shardOfA));
  }

  private static SequencedMap<String, StoredTensor> parse(byte[] file) {
    return SafetensorsReader.parse("x.safetensors", MemorySegment.ofArray(file)).tensors();
  }
}
