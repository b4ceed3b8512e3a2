package halftone.model;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.tensor.Tensor;
import halftone.text.BuiltIn;
import halftone.text.Role;
import halftone.text.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltInModelTest {
  private static final long LARGEST = 12_000_000;

  @TempDir Path folder;

  @Test
  void isASmallModelWhoseRowsEveryFormatsBlockDivides() throws IOException {
    Path file = BuiltInModel.in(folder);
    assertThat(Files.size(file)).isLessThanOrEqualTo(LARGEST);
    try (GgufFile gguf = GgufReader.open(file)) {
      Model model = ModelReader.read(gguf);
      assertThat(model.blocks()).hasSize(5);
      long weights = model.tensors().values().stream().mapToLong(t -> t.shape().elements()).sum();
      assertThat(weights).isBetween(4_500_000L, 5_500_000L);
      for (Tensor tensor : model.tensors().values()) {
        assertThat(tensor.shape().columns() % 256).as(tensor.name()).isZero();
      }
      assertThat(gguf.keys().requireText("general.name")).isNotBlank();
      assertThat(gguf.keys().requireText("general.license")).isNotBlank();
    }
  }

  @Test
  void isWrittenOnceAndMendedWhenDamaged() throws IOException {
    Path file = BuiltInModel.in(folder.resolve("new/folder"));
    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(file, old);
    BuiltInModel.in(folder.resolve("new/folder"));
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
    byte[] whole = Files.readAllBytes(file);
    byte[] damaged = whole.clone();
    damaged[5_000_000] ^= 1;
    for (byte[] wrong : List.of(damaged, new byte[4])) {
      Files.write(file, wrong);
      assertThat(BuiltInModel.is(file)).isFalse();
      assertThat(BuiltInModel.in(folder.resolve("new/folder"))).hasBinaryContent(whole);
    }
    assertThat(BuiltInModel.is(file)).isTrue();
  }

  /// The card lists each held-out document by its hash; together they are the built-in texts.
  @Test
  void theTextsToChooseAndProveByAreAmongThoseItsCardHoldsOut() throws IOException {
    String card = card();
    assertThat(card).contains("## Data", "## Loss", "bits a byte");
    for (Role role : new Role[] {Role.ALLOCATION, Role.VERIFICATION}) {
      for (Section kind : new BuiltIn(BuiltIn.Collection.CORPUS, role).read().sections()) {
        assertThat(heldOutDocuments(card, kind.text())).as(kind.name()).isTrue();
      }
    }
  }

  private static String card() throws IOException {
    try (InputStream in = BuiltInModel.class.getResourceAsStream(BuiltInModel.CARD)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// Whether a text is documents of the card with blank lines between. A blank line may also stand
  /// inside a document: takes the longest piece that is one, as often as it must.
  private static boolean heldOutDocuments(String card, String text) {
    if (text.isEmpty()) {
      return true;
    }
    for (int end = text.length(); end > 0; end = text.lastIndexOf("\n\n", end - 1)) {
      String hash = halftone.text.Text.of("document", text.substring(0, end)).sha256();
      if (card.contains(hash)) {
        return heldOutDocuments(card, text.substring(Math.min(text.length(), end + 2)));
      }
    }
    return false;
  }
}
