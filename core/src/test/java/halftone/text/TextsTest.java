package halftone.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.SharedFolder;
import halftone.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextsTest {
  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static String content(Text text) {
    return text.sections().getFirst().text();
  }

  @Test
  void splitsOneFileAtParagraphsInHalfAndQuarters() throws IOException {
    for (String lineEnd : new String[] {"\n", "\r\n"}) {
      String all = RandomProse.paragraphs(3, 80).replace("\n", lineEnd);
      Texts texts = Texts.split(FileRange.whole(file("all.txt", all)));
      String calibration = content(texts.calibration());
      String allocation = content(texts.allocation());
      assertThat(calibration + allocation + content(texts.verification())).isEqualTo(all);
      assertThat(calibration).endsWith(lineEnd + lineEnd);
      assertThat(allocation).endsWith(lineEnd + lineEnd);
      assertThat(calibration.length() / (double) all.length()).isBetween(0.5, 0.5625);
      assertThat((calibration.length() + allocation.length()) / (double) all.length())
          .isBetween(0.75, 0.8125);
    }
  }

  @Test
  void splitsTheSameFileTheSameWay() throws IOException {
    Path file = file("all.txt", RandomProse.paragraphs(4, 20));
    assertThat(Texts.split(FileRange.whole(file))).isEqualTo(Texts.split(FileRange.whole(file)));
  }

  @Test
  void splitsTextWithoutParagraphsAtLinesOrCharacters() throws IOException {
    String lines = RandomProse.paragraphs(5, 80).replace("\n\n", "\n");
    Texts texts = Texts.split(FileRange.whole(file("lines.txt", lines)));
    assertThat(content(texts.calibration())).endsWith("\n");
    String wide = RandomProse.paragraph(6, 900).replace('a', '漢').replace(" ", "");
    Texts characters = Texts.split(FileRange.whole(file("wide.txt", wide)));
    assertThat(content(characters.calibration()) + content(characters.allocation()))
        .isEqualTo(wide.substring(0, wide.length() - content(characters.verification()).length()));
  }

  @Test
  void refusesToSplitAlmostNothing() {
    assertThatThrownBy(() -> Texts.split(FileRange.whole(file("tiny.txt", "a"))))
        .hasMessageContaining("tiny.txt")
        .hasMessageContaining("too few");
  }

  @Test
  void refusesRangesOfOneFileThatOverlapByAByte() throws IOException {
    String file = file("all.txt", RandomProse.paragraphs(7, 30)).toString();
    TextSource first = TextSource.parse(file + "@0-3000");
    TextSource second = TextSource.parse(file + "@3000-6000");
    TextSource last = TextSource.parse(file + "@5999-");
    assertThat(Texts.read(first, second, TextSource.parse(file + "@6000-")).allocation().bytes())
        .isEqualTo(3000);
    assertThatThrownBy(() -> Texts.read(first, second, last))
        .isInstanceOf(OverlapException.class)
        .hasMessageContaining("bytes 5999 to 6000")
        .hasMessageContaining("allocation")
        .hasMessageContaining("verification");
  }

  @Test
  void refusesTheSameFileTwice() throws IOException {
    TextSource one = FileRange.whole(file("one.txt", RandomProse.paragraphs(8, 5)));
    TextSource other = FileRange.whole(file("other.txt", RandomProse.paragraphs(9, 5)));
    TextSource copy = FileRange.whole(file("copy.txt", RandomProse.paragraphs(8, 5)));
    assertThatThrownBy(() -> Texts.read(one, other, one)).isInstanceOf(OverlapException.class);
    assertThatThrownBy(() -> Texts.read(one, other, copy)).isInstanceOf(OverlapException.class);
  }

  @Test
  void splitsTheProtocolsFileIntoDisjointTexts() throws IOException {
    String file = SharedFolder.file("data/text/wikitext-a.txt").toString();
    Texts texts =
        Texts.read(
            TextSource.parse(file + "@0-300000"),
            TextSource.parse(file + "@300000--150000"),
            TextSource.parse(file + "@-150000-"));
    long total = texts.calibration().bytes() + texts.allocation().bytes();
    assertThat(total + texts.verification().bytes()).isEqualTo(Files.size(Path.of(file)));
    assertThat(texts.verification().bytes()).isBetween(150_000L, 150_003L);
  }

  @Test
  void hasABuiltInMixOfEveryKindForEveryRole() throws IOException {
    Texts texts = Texts.builtIn();
    Set<String> contents = new HashSet<>();
    long bytes = 0;
    for (Role role : Role.values()) {
      Text text = texts.of(role);
      assertThat(text.sections()).extracting(Section::kind).isEqualTo(BuiltIn.KINDS);
      text.sections().forEach(section -> contents.add(section.text()));
      bytes += text.bytes();
    }
    assertThat(contents).hasSize(3 * BuiltIn.KINDS.size());
    assertThat(bytes).isGreaterThan(40_000);
  }

  @Test
  void hasABuiltInCorpusWhoseRolesShareNothing() throws IOException {
    Texts texts = Texts.of(BuiltIn.Collection.CORPUS); // refuses overlaps
    for (Role role : Role.values()) {
      Text text = texts.of(role);
      assertThat(text.sections()).extracting(Section::kind).containsExactly("novel", "speeches");
      assertThat(text.bytes()).isGreaterThan(200_000);
      assertThat(BuiltIn.named(text.name())).contains(new BuiltIn(BuiltIn.Collection.CORPUS, role));
    }
    assertThat(BuiltIn.named("builtin/allocation")).contains(new BuiltIn(Role.ALLOCATION));
    assertThat(BuiltIn.named("wiki.txt")).isEmpty();
  }

  @Test
  void fillsAChunkOfEveryKindFromTheBuiltInMix() throws IOException {
    Tokenizer tokenizer = SharedFolder.tokenizer("models/SmolLM2-135M-Instruct.Q4_1.gguf");
    Texts texts = Texts.builtIn();
    for (Role role : Role.values()) {
      Chunks chunks = Chunks.of(texts.of(role), tokenizer, 512);
      assertThat(chunks.kinds()).containsAll(BuiltIn.KINDS);
    }
  }
}
