package halftone.llamacpp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The binding itself; anything that needs a model lives beside what it is an oracle for.
class LlamaCppTest {
  /// Every field that [LlamaMixture] writes stands where the library's own defaults say.
  @Test
  void parametersStandWhereTheLibraryPutsThem() {
    Llama llama = Llama.open(AssumedLlamaCpp.library());
    MemorySegment defaults = MemorySegment.ofArray(LlamaMixture.defaultBytes(llama)).asReadOnly();
    int count = 42; // GGML_TYPE_COUNT or more: "no type chosen"
    assertThat(defaults.get(JAVA_INT.withByteAlignment(1), 0)).isZero();
    assertThat(defaults.get(JAVA_INT.withByteAlignment(1), 8)).isGreaterThanOrEqualTo(count);
    assertThat(defaults.get(JAVA_INT.withByteAlignment(1), 12)).isGreaterThanOrEqualTo(count);
  }

  @Test
  void refusesASecondCpuLibraryInOneProcess() {
    LlamaCppLibrary library = AssumedLlamaCpp.library();
    Llama.open(library);
    assertThatThrownBy(() -> Llama.open(library, "x64")).hasMessageContaining("already holds");
  }

  @Test
  void saysWhichModelItCannotLoad(@TempDir Path folder) throws Exception {
    Llama llama = Llama.open(AssumedLlamaCpp.library());
    Path broken = Files.writeString(folder.resolve("broken.gguf"), "no model");
    assertThatThrownBy(() -> llama.load(broken, 64, 1)).hasMessageContaining("broken.gguf");
  }
}
