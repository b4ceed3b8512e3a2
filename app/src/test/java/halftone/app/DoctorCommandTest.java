package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Virtual machines of their own, because what a machine can do is fixed when it starts.
class DoctorCommandTest {
  private static final List<String> VECTORS = List.of("--add-modules", "jdk.incubator.vector");

  @TempDir private Path folder;

  private record Answer(int exit, String out, String err) {
    JsonObject json() throws JsonParserException {
      return JsonParser.object().from(out);
    }
  }

  private Answer halftone(List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), out, Files.readString(err));
  }

  private static List<String> vectors(String option) {
    List<String> options = new ArrayList<>(VECTORS);
    options.add(option);
    return options;
  }

  private static void assumeX86() {
    Assumptions.assumeTrue(
        System.getProperty("os.arch").equals("amd64"), "-XX:UseAVX is for x86-64");
  }

  @Test
  void tellsWhatTheMachineCanDo() throws Exception {
    Answer answer = halftone(vectors("-Xmx1500m"), "doctor", "--json");
    JsonObject json = answer.json();
    assertThat(answer.exit()).isEqualTo(ExitCode.OK);
    assertThat(json.getString("verdict")).isNotEqualTo("missing");
    assertThat(json.getObject("processor").getInt("cores_usable")).isPositive();
    assertThat(json.getObject("vectors").getInt("preferred_vector_bits"))
        .isGreaterThanOrEqualTo(128);
    assertThat(json.getObject("memory").getLong("heap_limit_bytes"))
        .isBetween(1_400_000_000L, 1_600_000_000L);
    assertThat(json.getObject("folder").getBoolean("files_can_be_mapped")).isTrue();
    assertThat(json.getObject("database").getBoolean("keeps_what_it_is_given")).isTrue();
    assertThat(json.getObject("speed").getDouble("products_of_floats_on_one_core_gmac_per_s"))
        .isGreaterThan(0.2);
    assertThat(json.getObject("speed").getDouble("memory_read_by_one_core_gb_per_s"))
        .isGreaterThan(0.5);
    assertThat(folder).isDirectoryNotContaining(file -> file.toString().contains("doctor"));
  }

  @Test
  void withoutAvxTheWarningIsLoudAndTheExitCodeSaysSo() throws Exception {
    assumeX86();
    Answer answer = halftone(vectors("-XX:UseAVX=0"), "doctor");
    assertThat(answer.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(answer.out())
        .contains("MISSING  vectors: no fused multiply-add, vectors of 128 bits")
        .contains("take -XX:UseAVX");
  }

  @Test
  void narrowVectorsAreALimit() throws Exception {
    assumeX86();
    Answer answer = halftone(vectors("-XX:MaxVectorSize=16"), "doctor", "--json");
    assertThat(answer.exit()).isEqualTo(ExitCode.OK);
    JsonObject remark = answer.json().getArray("remarks").getObject(0);
    assertThat(remark.getString("problem")).startsWith("narrow vectors: 128 bits of the CPU's ");
  }

  @Test
  void withoutTheVectorApiItSaysHowToHaveIt() throws Exception {
    Answer answer = halftone(List.of(), "doctor");
    assertThat(answer.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(answer.out())
        .contains("MISSING  vectors: the Vector API is missing")
        .contains("--add-modules jdk.incubator.vector");
  }

  @Test
  void instructionsThatThereAreNotAreRefusedBeforeAnythingBegins() throws Exception {
    Answer answer =
        halftone(vectors("-Dhalftone.instructions=sse"), "quantize", "m.gguf", "--preset", "q6_k");
    assertThat(answer.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(answer.err())
        .contains("halftone: halftone.instructions is 'none' or ")
        .contains("not 'sse'")
        .doesNotContain("\tat ");
  }

  @Test
  void heavyCommandsWarnInOneLineAndLightOnesDoNot() throws Exception {
    Answer heavy = halftone(List.of(), "evaluate", "none.gguf", "--text", "none.txt");
    assertThat(heavy.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(heavy.err().strip().lines()).hasSize(1);
    assertThat(heavy.err()).startsWith("halftone: WARNING: the Vector API is missing");
    Answer light = halftone(List.of(), "methods");
    assertThat(light.exit()).isEqualTo(ExitCode.OK);
    assertThat(light.err()).isEmpty();
    Answer help = halftone(List.of(), "quantize", "--help");
    assertThat(help.exit()).isEqualTo(ExitCode.OK);
    assertThat(help.err()).isEmpty();
  }
}
