package halftone.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextManifestTest {
  private static final ByteTokenizer TOKENIZER = new ByteTokenizer(true);

  private static TextManifest manifest(String verification, long seed) {
    Texts texts =
        new Texts(
            Text.of("c.txt", "first text"),
            Text.of("a.txt", "abc"),
            Text.of("v.txt", verification));
    Map<Role, Chunks> used = new EnumMap<>(Role.class);
    for (Role role : List.of(Role.VERIFICATION, Role.CALIBRATION)) {
      used.put(role, Chunks.of(texts.of(role), TOKENIZER, 4).first(1));
    }
    return TextManifest.of(texts, used, seed);
  }

  @Test
  void describesWhatWasUsedInTheOrderOfRoles() {
    TextManifest manifest = manifest("other words", 7);
    assertThat(manifest.entries())
        .extracting(TextManifest.Entry::role)
        .containsExactly(Role.CALIBRATION, Role.VERIFICATION);
    TextManifest.Entry first = manifest.entries().getFirst();
    assertThat(first.bytes()).isEqualTo(10);
    assertThat(first.tokens()).isEqualTo(11);
    assertThat(first.chunks()).isEqualTo(1);
    // printf 'first text' | sha256sum
    assertThat(first.sha256())
        .isEqualTo("fa0343363edb8cb3ed1c098a47c28e56a7d7c8ade8dce7ed408b12b6280dd135");
    // printf '\0\1\0\0f\0\0\0i\0\0\0r\0\0\0' | sha256sum
    assertThat(first.chunksSha256())
        .isEqualTo("9e7af58545365c64f709b50fd1bcda36cc72c97db56516e82505679de6c23aa5");
  }

  @Test
  void keepsItsHashForEver() {
    assertThat(manifest("other words", 7).toMap().toString())
        .startsWith("{chunk_tokens=4, seed=7, texts=[{role=calibration, name=c.txt, bytes=10, ");
    assertThat(manifest("other words", 7).sha256())
        .isEqualTo("3b7d3e340335ef656e5e2531483465f16af42e992c13220fe43a23df8f176903");
  }

  @Test
  void changesItsHashWithAnyTextOrSeed() {
    String hash = manifest("other words", 7).sha256();
    assertThat(manifest("other words", 7).sha256()).isEqualTo(hash);
    assertThat(manifest("other Words", 7).sha256()).isNotEqualTo(hash);
    assertThat(manifest("other words", 8).sha256()).isNotEqualTo(hash);
  }

  @Test
  void refusesChunksOfSeveralSizes() {
    Texts texts = new Texts(Text.of("c", "abcdef"), Text.of("a", "ghijkl"), Text.of("v", "mnop"));
    Map<Role, Chunks> used =
        Map.of(
            Role.CALIBRATION, Chunks.of(texts.calibration(), TOKENIZER, 2),
            Role.ALLOCATION, Chunks.of(texts.allocation(), TOKENIZER, 3));
    assertThatThrownBy(() -> TextManifest.of(texts, used, 0)).hasMessageContaining("2 sizes");
  }
}
