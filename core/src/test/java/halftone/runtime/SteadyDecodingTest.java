package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// In a process of its own: what the compiler has made of a vector's methods before decides whether
/// it makes objects of vectors.
class SteadyDecodingTest {
  /// Bytes of a token: less than an object for each layer would take.
  private static final long MOST = 16 * SteadyDecoding.LAYERS;

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void takesNoNewMemory(int texts) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
                "-cp",
                System.getProperty("java.class.path"),
                SteadyDecoding.class.getName(),
                Integer.toString(texts)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(Long.parseLong(printed.strip())).isLessThanOrEqualTo(MOST);
  }
}
