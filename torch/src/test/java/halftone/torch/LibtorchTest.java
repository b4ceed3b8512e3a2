package halftone.torch;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.evidence.GradientsUnavailableException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;

class LibtorchTest {
  @Test
  void aMachineWithoutTheNativeLibrarySaysWhyThereAreNoGradients()
      throws IOException, InterruptedException {
    String natives = "-" + Loader.getPlatform() + ".jar";
    String classes =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.endsWith(natives))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules",
                    "jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classes,
                    LibtorchTest.class.getName()))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(said)
        .contains("libtorch, which gradients need, does not load on " + Loader.getPlatform());
  }

  /// Loads libtorch and says what came of it.
  public static void main(String[] arguments) {
    try {
      Libtorch.load();
    } catch (GradientsUnavailableException e) {
      System.out.println(e.getMessage());
    }
  }
}
