package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.allocation.InfeasibleBudgetException;
import halftone.model.BuiltInModel;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.InputBlocks;
import halftone.model.ModelReader;
import halftone.model.TinyLlama;
import halftone.model.UnevenChannels;
import halftone.tensor.Tensor;
import halftone.text.Texts;
import halftone.transform.SmoothQuant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which network is quantized, and what it is compared with.
class RewritingTest {
  private static final Effort SWIFT = new Effort("swift", 6, 2, 2, 16, 2, 1, 0, true, false);

  @TempDir private Path folder;

  /// Hears the steps that were begun.
  private static final class Heard implements Progress {
    private final List<String> names = new ArrayList<>();

    @Override
    public void step(String name, int units) {
      names.add(name);
    }

    @Override
    public void done(int units) {}

    @Override
    public void note(String line) {}
  }

  private Path plain() throws IOException {
    return new TinyLlama(256, 2, 4, 2, 512, false, 7).write(folder.resolve("tiny.gguf"));
  }

  private Outcome quantize(Path model, Rewriting rewriting, Budget budget, Progress progress)
      throws IOException {
    Request request =
        new Request(
            model,
            List.of(new Request.Target(budget, folder.resolve("out.gguf"))),
            SWIFT,
            rewriting,
            Scoring.usual(SWIFT),
            Texts.builtIn(),
            List.of(),
            null,
            null,
            null,
            null,
            folder.resolve("store"),
            2);
    return new Road(request, progress).run().getFirst();
  }

  /// Channels of one norm's output are made very unequal by its gain, and the columns behind it
  /// undo that: SmoothQuant finds out, and the tried losses say so.
  @Test
  void theRewriteThatLosesLessIsChosen() throws IOException {
    TinyLlama tiny = new TinyLlama(256, 2, 4, 2, 512, false, 7);
    Path uneven = UnevenChannels.of(tiny, 60).write(folder.resolve("uneven.gguf"));
    Outcome outcome = quantize(uneven, Rewriting.AUTOMATIC, new Budget.Bits(5), Progress.SILENT);
    assertThat(outcome.provenance().get("transform")).startsWith("smoothquant");
    assertThat(outcome.bytes()).isEqualTo(Files.size(folder.resolve("out.gguf")));
  }

  @Test
  void triedRewritesAreInTheStore() throws IOException {
    Path model = plain();
    quantize(model, Rewriting.AUTOMATIC, new Budget.Bits(5), Progress.SILENT);
    Heard steps = new Heard();
    quantize(model, Rewriting.AUTOMATIC, new Budget.Bits(6), steps);
    assertThat(steps.names).doesNotContain(new SmoothQuant().card().id(), "calibration");
  }

  /// Bits a weight are those of the network as it was given, not of one with an output product
  /// more. (A random tied network loses nothing whatever its weights; the built-in one is trained.)
  @Test
  void aTensorMoreDoesNotRaiseTheBudget() throws IOException {
    Path tied = BuiltInModel.in(folder);
    Outcome with =
        quantize(tied, Rewriting.parse("hadamard-rotations"), new Budget.Bits(3), Progress.SILENT);
    long elements = 0;
    long header = Files.size(tied);
    try (GgufFile given = GgufReader.open(tied)) {
      for (Tensor tensor : given.tensors().values()) {
        elements += tensor.shape().elements();
        header -= tensor.byteSize();
      }
    }
    long bytes =
        with.candidates().stream()
            .filter(Outcome.Candidate::ours)
            .findFirst()
            .orElseThrow()
            .bytes();
    assertThat(bytes - header).isBetween(29 * elements / 80, 30 * elements / 80 + 4000);
  }

  /// A file of four-bit inputs says which blocks keep eight, and runs by that; so does one that is
  /// quantized from it.
  @Test
  void theFileSaysWhichBlocksKeepEightBits() throws IOException {
    Path model =
        UnevenChannels.of(new TinyLlama(256, 2, 4, 2, 512, false, 7), 60)
            .write(folder.resolve("uneven.gguf"));
    Rewriting fmpq = Rewriting.parse("fmpq:block=32");
    Outcome outcome = quantize(model, fmpq, new Budget.Bits(6), Progress.SILENT);
    assertThat(outcome.provenance().get("transform")).startsWith("fmpq:block=32");
    assertThat(outcome.bytes()).isEqualTo(Files.size(folder.resolve("out.gguf")));
    InputBlocks blocks = written();
    assertThat(blocks.size()).isEqualTo(32);
    assertThat(blocks.eight().get("blk.1.attn_q.weight")).containsExactly(0);
    Path source = Files.move(folder.resolve("out.gguf"), folder.resolve("ordered.gguf"));
    quantize(source, Rewriting.NONE, new Budget.Bits(5), Progress.SILENT);
    assertThat(written().eight()).isEqualTo(blocks.eight());
  }

  private InputBlocks written() throws IOException {
    try (GgufFile file = GgufReader.open(folder.resolve("out.gguf"))) {
      return InputBlocks.of(ModelReader.read(file).metadata());
    }
  }

  /// What a rival's file holds is llama.cpp's own: the norms' gains are those of the network given.
  @Test
  void rivalsAreOfTheNetworkAsItWasGiven() throws IOException {
    Path model = plain();
    Outcome with =
        quantize(
            model,
            Rewriting.parse("smoothquant:alpha=1:everywhere=true"),
            new Budget.Bits(5),
            Progress.SILENT);
    Outcome without = quantize(model, Rewriting.NONE, new Budget.Bits(5), Progress.SILENT);
    assertThat(kl(with, rival(without))).isEqualTo(kl(without, rival(without)));
  }

  private static String rival(Outcome outcome) {
    return outcome.candidates().stream()
        .filter(each -> !each.ours())
        .findFirst()
        .orElseThrow()
        .name();
  }

  /// To the digits that survive another order of the reference's sums.
  private static @Nullable Double kl(Outcome outcome, String name) {
    return outcome.candidates().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .map(each -> Math.round(each.kl() * 1e4) / 1e4)
        .orElse(null);
  }

  /// The rewrite stands in the file: gains differ from the original's.
  @Test
  void theFileHoldsTheRewrittenNetwork() throws IOException {
    Path model = plain();
    Outcome outcome =
        quantize(
            model, Rewriting.parse("smoothquant:alpha=0.5"), new Budget.Bits(6), Progress.SILENT);
    assertThat(outcome.shipped()).startsWith("halftone");
    try (GgufFile made = GgufReader.open(folder.resolve("out.gguf"));
        GgufFile before = GgufReader.open(model)) {
      assertThat(gain(made.tensors())).isNotEqualTo(gain(before.tensors()));
    }
  }

  private static float[] gain(SequencedMap<String, Tensor> tensors) {
    float[] gain = new float[256];
    Objects.requireNonNull(tensors.get("blk.0.attn_norm.weight")).rows(0, 1, gain, 0);
    return gain;
  }

  @Test
  void whatCannotFitIsRefusedBeforeAnythingIsMeasured() throws IOException {
    Path model = plain();
    Heard steps = new Heard();
    assertThatThrownBy(() -> quantize(model, Rewriting.AUTOMATIC, new Budget.Size(1000), steps))
        .isInstanceOf(InfeasibleBudgetException.class);
    assertThat(steps.names).isEmpty();
    assertThat(folder.resolve("out.gguf")).doesNotExist();
  }

  @Test
  void anImportanceMatrixOfTheOriginalIsRefused() throws IOException {
    Path model = plain();
    assertThatThrownBy(
            () ->
                new Request(
                    model,
                    List.of(new Request.Target(new Budget.Bits(5), folder.resolve("x.gguf"))),
                    SWIFT,
                    Rewriting.AUTOMATIC,
                    Scoring.usual(SWIFT),
                    Texts.builtIn(),
                    List.of(),
                    folder.resolve("matrix.gguf"),
                    null,
                    null,
                    null,
                    folder.resolve("store"),
                    2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("importance matrix");
  }
}
