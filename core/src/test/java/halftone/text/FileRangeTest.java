package halftone.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRangeTest {
  @TempDir Path folder;

  private String file(String content) throws IOException {
    return Files.writeString(folder.resolve("some.txt"), content).toString();
  }

  private static String read(String specification) throws IOException {
    return TextSource.parse(specification).read().sections().getFirst().text();
  }

  @Test
  void readsRangesFromBothEnds() throws IOException {
    String file = file("0123456789");
    assertThat(read(file)).isEqualTo("0123456789");
    assertThat(read(file + "@0-3")).isEqualTo("012");
    assertThat(read(file + "@3--4")).isEqualTo("345");
    assertThat(read(file + "@-4-")).isEqualTo("6789");
    assertThat(read(file + "@-4--1")).isEqualTo("678");
  }

  @Test
  void cutsOnCharactersSoThatAdjacentRangesMeet() throws IOException {
    String content = "aéb漢c🦙d";
    String file = file(content);
    int size = content.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    for (int cut = 1; cut < size; cut++) {
      String left = cut == 1 ? "a" : read(file + "@0-" + cut);
      assertThat(left + read(file + "@" + cut + "-")).isEqualTo(content);
      assertThat(left.length()).isLessThanOrEqualTo(cut);
    }
    assertThat(read(file + "@0-2")).isEqualTo("a");
  }

  @Test
  void keepsLineEndsAsTheyStand() throws IOException {
    assertThat(read(file("a\r\nb\n\rc\n"))).isEqualTo("a\r\nb\n\rc\n");
  }

  @Test
  void namesFilesWithoutTheirFolder() throws IOException {
    String file = file("0123456789");
    assertThat(TextSource.parse(file).read().name()).isEqualTo("some.txt");
    assertThat(TextSource.parse(file + "@-4-").read().name()).isEqualTo("some.txt@6-10");
  }

  @Test
  void takesAnAtSignThatIsNoRangeAsPartOfTheName() {
    assertThat(FileRange.parse("me@home.txt").path()).isEqualTo(Path.of("me@home.txt"));
    assertThat(FileRange.parse("me@home.txt@5-").path()).isEqualTo(Path.of("me@home.txt"));
  }

  @Test
  void refusesRangesOutsideTheFile() throws IOException {
    String file = file("0123456789");
    for (String range : new String[] {"@0-11", "@5-5", "@7-3", "@-11-", "@10-"}) {
      assertThatThrownBy(() -> read(file + range))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("some.txt")
          .hasMessageContaining("10 bytes");
    }
  }

  @Test
  void refusesWhatIsNotText() throws IOException {
    Path file = folder.resolve("latin.txt");
    Files.write(file, new byte[] {'a', 'b', (byte) 0xE9, 'c'});
    assertThatThrownBy(() -> read(file.toString())).hasMessageContaining("byte 2 is not UTF-8");
    Files.write(file, new byte[] {'a', (byte) 0xC3});
    assertThatThrownBy(() -> read(file.toString())).hasMessageContaining("byte 1 is not UTF-8");
    Files.writeString(file, " \n\t\n");
    assertThatThrownBy(() -> read(file.toString())).hasMessageContaining("holds no text");
    Files.writeString(file, "");
    assertThatThrownBy(() -> read(file.toString())).hasMessageContaining("latin.txt");
    assertThatThrownBy(() -> read("nowhere.txt")).isInstanceOf(NoSuchFileException.class);
  }
}
