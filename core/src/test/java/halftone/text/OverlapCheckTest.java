package halftone.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class OverlapCheckTest {
  private static final String CALIBRATION = RandomProse.paragraphs(1, 300);
  private static final String VERIFICATION = RandomProse.paragraphs(2, 100);

  private static Texts texts(String calibration, String verification) {
    Text allocation = Text.of("allocation.txt", RandomProse.paragraphs(3, 20));
    return new Texts(
        Text.of("calibration.txt", calibration),
        allocation,
        Text.of("verification.txt", verification));
  }

  private static String inserted(String document) {
    int middle = CALIBRATION.indexOf('\n', CALIBRATION.length() / 2);
    return CALIBRATION.substring(0, middle) + "\n\n" + document + CALIBRATION.substring(middle);
  }

  @Test
  void letsDisjointTextsPass() {
    assertThat(OverlapCheck.passages(Text.of("a", CALIBRATION), Text.of("b", VERIFICATION)))
        .isEmpty();
    assertThatCode(() -> texts(CALIBRATION, VERIFICATION)).doesNotThrowAnyException();
  }

  @Test
  void raisesTheAlarmWhenAVerificationDocumentIsInTheCalibrationText() {
    String document = VERIFICATION.substring(0, VERIFICATION.indexOf("\n\n"));
    assertThatThrownBy(() -> texts(inserted(document), VERIFICATION))
        .isInstanceOf(OverlapException.class)
        .hasMessageContaining("calibration")
        .hasMessageContaining("verification.txt line 1")
        .hasMessageContaining(document.substring(0, 30));
  }

  @Test
  void isNotFooledByLineEndsCaseOrPunctuation() {
    String document = VERIFICATION.substring(0, VERIFICATION.indexOf("\n\n"));
    String disguised =
        "> " + document.toUpperCase(Locale.ROOT).replace(". ", " -\r\n> ").replace(" ", "  ");
    assertThatThrownBy(() -> texts(inserted(disguised), VERIFICATION))
        .isInstanceOf(OverlapException.class);
  }

  @Test
  void saysWhereThePassageIs() {
    String shared = RandomProse.paragraph(77, 20);
    String first = "one\ntwo\n" + shared + "\nfour";
    List<OverlapCheck.Passage> passages =
        OverlapCheck.passages(Text.of("a.txt", first), Text.of("b.txt", "x\n" + shared));
    assertThat(passages).hasSize(1);
    OverlapCheck.Passage passage = passages.getFirst();
    assertThat(passage.first()).isEqualTo("a.txt line 3");
    assertThat(passage.second()).isEqualTo("b.txt line 2");
    assertThat(passage.characters()).isBetween(shared.length() - 5, shared.length() + 1);
  }

  @Test
  void findsEveryRunOfSeventyNineCharactersWhereverItStands() {
    for (int shift = 0; shift < 40; shift++) {
      String filler = RandomProse.paragraph(900 + shift, 30);
      String shared = RandomProse.paragraph(5, 40).replaceAll("[ .]", "").substring(0, 79);
      Text first = Text.of("a", filler.substring(0, 10 + shift) + " " + shared + " zz");
      Text second = Text.of("b", "qq " + shared + " " + filler.substring(60));
      assertThat(OverlapCheck.passages(first, second)).as("shift %d", shift).isNotEmpty();
    }
  }

  @Test
  void allowsAPassageBelowAParagraphAndRefusesOneOfAParagraph() {
    String letters = RandomProse.paragraph(6, 80).replaceAll("[ .]", "");
    String below = "\n" + letters.substring(0, OverlapCheck.LONGEST_PASSAGE - 3) + "\n";
    String above = "\n" + letters.substring(0, OverlapCheck.LONGEST_PASSAGE) + "\n";
    assertThatCode(() -> texts(CALIBRATION + below, VERIFICATION + below))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> texts(CALIBRATION + above, VERIFICATION + above))
        .isInstanceOf(OverlapException.class);
  }

  @Test
  void allowsAFewCommonLinesAndRefusesMoreThanOnePercent() {
    assertThatCode(() -> withCommonLines(3)).doesNotThrowAnyException();
    assertThatThrownBy(() -> withCommonLines(6))
        .isInstanceOf(OverlapException.class)
        .hasMessageContaining("share 6 passages");
  }

  /// Lines of about 100 characters, apart from each other, in a text of 45,000.
  private static Texts withCommonLines(int count) {
    StringBuilder calibration = new StringBuilder(CALIBRATION);
    StringBuilder verification = new StringBuilder(VERIFICATION);
    for (int i = 0; i < count; i++) {
      String line = RandomProse.paragraph(5000 + i, 14);
      calibration.append(line).append('\n').append(RandomProse.paragraph(6000 + i, 9)).append('\n');
      verification
          .append(line)
          .append('\n')
          .append(RandomProse.paragraph(7000 + i, 9))
          .append('\n');
    }
    return texts(calibration.toString(), verification.toString());
  }

  @Test
  void countsARunWholeThoughTheOtherTextHasItInPieces() {
    String start = RandomProse.paragraph(41, 24);
    String end = RandomProse.paragraph(42, 24);
    String calibration = start + "\nother\n" + CALIBRATION + start + " " + end;
    assertThatThrownBy(() -> texts(calibration, VERIFICATION + start + " " + end))
        .isInstanceOf(OverlapException.class)
        .hasMessageContaining("share 1 passages");
  }

  @Test
  void readsScriptsWithoutSpaces() {
    String chinese = CALIBRATION.replaceAll("[ .]", "").substring(0, 400);
    StringBuilder characters = new StringBuilder();
    chinese
        .chars()
        .forEach(c -> characters.append((char) ('一' + (c * 131 + characters.length() * 7) % 5000)));
    assertThatThrownBy(() -> texts(CALIBRATION + characters, VERIFICATION + characters))
        .isInstanceOf(OverlapException.class);
  }
}
