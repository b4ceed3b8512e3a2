package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizeCommandTest {
  private static final long BUDGET = 1_000_000;

  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();
  private Path model;
  private Path output;

  @BeforeEach
  void writesAModel() throws IOException {
    model = new TinyLlama(256, 2, 4, 2, 512, false, 7).write(folder.resolve("tiny.gguf"));
    output = folder.resolve("small.gguf");
  }

  private int quantize(Object... arguments) {
    Object[] all = new Object[arguments.length + 2];
    all[0] = "quantize";
    all[1] = model;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return terminal.run(all);
  }

  @Test
  void writesTheFileItsReportAndWhatItDidAsJson() throws JsonParserException, IOException {
    assertThat(quantize("--size", BUDGET, "--effort", "fast", "-o", output, "--json"))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    JsonObject outcome = JsonParser.array().from(terminal.out()).getObject(0);
    assertThat(outcome.getLong("bytes")).isEqualTo(Files.size(output)).isLessThanOrEqualTo(BUDGET);
    assertThat(outcome.getArray("candidates").getObject(0).getBoolean("ours")).isTrue();
    assertThat(folder.resolve("small.html"))
        .content()
        .contains("<svg", "\"after\":\" --effort fast\"", "\"points\":[[");
    try (GgufFile file = GgufReader.open(output)) {
      JsonObject texts = JsonParser.object().from(file.keys().requireText("halftone.texts"));
      assertThat(texts.getArray("texts")).hasSize(3);
    }
  }

  @Test
  void fitsFileCacheAndBuffersIntoTheMemoryAllowed() throws JsonParserException, IOException {
    long allowed = 9_000_000;
    Object[] budget = {"--fit", allowed, "--context", 256, "--cache", "q8_0", "-o", output};
    assertThat(quantize(and(budget, "--effort", "fast", "--json")))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    JsonObject memory = JsonParser.array().from(terminal.out()).getObject(0).getObject("memory");
    long beside =
        memory.getLong("cache_bytes")
            + memory.getLong("buffer_bytes")
            + memory.getLong("scratch_bytes");
    assertThat(memory.getLong("total")).isEqualTo(Files.size(output) + beside);
    assertThat(memory.getLong("total")).isLessThanOrEqualTo(allowed);
    assertThat(quantize(and(budget, "--dry-run"))).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("of 9,000,000 allowed", "key-value cache in q8_0 139,264");
  }

  @Test
  void memoryThatHoldsNoFileIsRefusedBeforeAnyWork() {
    assertThat(quantize("--fit", 3_000_000, "--context", 256, "-o", output))
        .isEqualTo(ExitCode.INFEASIBLE);
    assertThat(terminal.err())
        .contains("no choice fits 3,000,000 bytes of memory with 256 tokens in a cache of f16")
        .doesNotContain("calibration");
    assertThat(output).doesNotExist();
    assertThat(quantize("--fit", 3_000_000, "-o", output)).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("--context");
  }

  /// Rows of 64: the microscaling type is on the menus, and so many bits that the plain one would
  /// be chosen.
  @Test
  void leavesOutWhatTheProgramCannotRunAndSaysSo() throws IOException {
    model = TinyLlama.seeded(4).write(folder.resolve("narrow.gguf"));
    assertThat(quantize("--bits", 32, "--for", "vllm", "--effort", "fast", "-o", output))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.err())
        .contains("for vllm: it does not read MXFP4")
        .contains("for vllm: F32 is left out for 10 tensors")
        .contains("do not divide into the blocks of IQ1_S, IQ1_M");
    try (GgufFile file = GgufReader.open(output)) {
      assertThat(file.tensors().get("blk.0.attn_q.weight").format().id()).isEqualTo("Q8_0");
    }
    assertThat(quantize("--bits", 32, "--for", "llama.cpp", "--dry-run")).isZero();
    assertThat(terminal.out()).contains("blocks of IQ1_S").doesNotContain("MXFP4");
    assertThat(quantize("--bits", 32, "--for", "vllm", "--pin", "blk.0.attn_k=f32", "-o", output))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err())
        .contains("as one matrix: both are quantized or none; change the pins");
    assertThat(quantize("--bits", 32, "--for", "tgi")).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("known are llama.cpp, vllm, halftone");
  }

  /// Among the largest that fit is one of NVFP4 throughout, which vLLM does not read.
  @Test
  void aFileThatTheProgramCannotRunIsNoRival() throws IOException {
    model = TinyLlama.seeded(4).write(folder.resolve("narrow.gguf"));
    Object[] all = {"--bits", 4.6, "--effort", "fast", "-o", output};
    assertThat(quantize(all)).as(terminal.err()).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("uniform nvfp4");
    assertThat(quantize(and(all, "--for", "vllm"))).as(terminal.err()).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("uniform").doesNotContain("nvfp4");
  }

  private static Object[] and(Object[] first, Object... more) {
    Object[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"kronecker", "first-order"})
  void choicesByGradientsStandBesideTheGramWeightedOne(String metric)
      throws JsonParserException, IOException {
    assertThat(
            quantize(
                "--size",
                BUDGET,
                "--effort",
                "fast",
                "--sensitivity",
                metric,
                "-o",
                output,
                "--json"))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    JsonArray candidates =
        JsonParser.array().from(terminal.out()).getObject(0).getArray("candidates");
    assertThat(candidates.getObject(0).getString("name")).isEqualTo("halftone");
    assertThat(candidates.getObject(1).getString("name")).isEqualTo("halftone, Gram-weighted");
    assertThat(candidates.getObject(0).getDouble("kl_predicted")).isPositive();
    assertThat(candidates.getObject(1).getDouble("kl_predicted")).isPositive();
    try (GgufFile file = GgufReader.open(output)) {
      assertThat(file.keys().requireText("halftone.sensitivity"))
          .startsWith(metric.equals("kronecker") ? "KroneckerFisher[]" : "FirstOrderLoss[");
    }
  }

  @Test
  void anUnknownSensitivityNamesTheKnownOnes() {
    assertThat(quantize("--size", BUDGET, "-o", output, "--sensitivity", "magic"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("importance, gram, kronecker or first-order, not 'magic'");
  }

  @Test
  void aDryRunSaysWhatItWouldTakeAndWritesNothing() {
    assertThat(quantize("--size", BUDGET, "-o", output, "--dry-run")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("measured swaps").contains("peak memory");
    assertThat(output).doesNotExist();
  }

  @Test
  void aBudgetTooSmallHasItsOwnExitCodeWithAndWithoutADryRun() {
    assertThat(quantize("--size", 1000, "-o", output, "--dry-run")).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(terminal.out()).contains("smallest reachable");
    assertThat(quantize("--size", 1000, "-o", output, "--effort", "fast"))
        .isEqualTo(ExitCode.INFEASIBLE);
    assertThat(terminal.err()).contains("smallest");
    assertThat(output).doesNotExist();
  }

  @Test
  void severalBudgetsNeedSeveralNames() {
    assertThat(quantize("--bits", 4, "--bits", 5, "-o", output)).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("{n}");
  }

  @Test
  void writesPartsAndReadsThem() throws IOException {
    assertThat(quantize("--preset", "q8_0", "--split-max-size", "300k", "-o", output))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    Path first = folder.resolve("small-00001-of-00006.gguf");
    assertThat(terminal.out()).contains(first + " and 5 more");
    for (int part = 1; part <= 6; part++) {
      assertThat(Files.size(folder.resolve("small-0000%d-of-00006.gguf".formatted(part))))
          .isLessThanOrEqualTo(300_000);
    }
    Path third = folder.resolve("small-00003-of-00006.gguf");
    assertThat(terminal.run("inspect", third)).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("in 6 files").contains("blk.1.ffn_down.weight");
    Path whole = folder.resolve("whole.gguf");
    assertThat(terminal.run("quantize", third, "--preset", "q4_0", "-o", whole))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    try (GgufFile file = GgufReader.open(whole)) {
      assertThat(file.tensors()).hasSize(21);
      assertThat(file.metadata().keySet()).noneMatch(key -> key.startsWith("split."));
    }
    Files.delete(folder.resolve("small-00004-of-00006.gguf"));
    assertThat(terminal.run("inspect", third)).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("small-00004-of-00006.gguf").contains("missing");
  }

  @Test
  void partsGoWithAPreset() {
    assertThat(quantize("--size", BUDGET, "--split-max-size", "1M")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("--preset");
  }
}
