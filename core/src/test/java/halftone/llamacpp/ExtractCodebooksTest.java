package halftone.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ExtractCodebooksTest {
  @Test
  void theResourceIsWhatTheLibraryDecodes() throws IOException {
    byte[] extracted = ExtractCodebooks.extract(new Ggml(AssumedLlamaCpp.library()));
    try (InputStream in = Ggml.class.getResourceAsStream("/halftone/numeric/grid-codebooks.bin")) {
      assertThat(Objects.requireNonNull(in).readAllBytes()).isEqualTo(extracted);
    }
  }
}
