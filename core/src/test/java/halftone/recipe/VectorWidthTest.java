package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole road gives the same file whatever the vectors, from the first measurement to the last
/// byte. In processes of their own, because the width is fixed when one starts.
class VectorWidthTest {
  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void writesAModel() throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("os.arch").equals("amd64"), "-XX:UseAVX is for x86-64");
    model = new TinyLlama(256, 2, 4, 2, 512, false, 7).write(folder.resolve("tiny.gguf"));
  }

  @Test
  void avx2AndAvx512GiveTheSameBytes() throws IOException, InterruptedException {
    assertThat(bitsOfRoad("avx2.gguf", 2)).isEqualTo("256");
    Assumptions.assumeTrue(
        bitsOfRoad("avx512.gguf", 3).equals("512"), "this processor has no AVX-512");
    assertThat(folder.resolve("avx2.gguf")).hasSameBinaryContentAs(folder.resolve("avx512.gguf"));
  }

  private String bitsOfRoad(String output, int avx) throws IOException, InterruptedException {
    Process road =
        RoadProcess.start(
            model, folder.resolve(output), folder.resolve("store-" + avx), "-XX:UseAVX=" + avx);
    String printed = new String(road.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(road.waitFor()).isZero();
    return printed.strip();
  }
}
