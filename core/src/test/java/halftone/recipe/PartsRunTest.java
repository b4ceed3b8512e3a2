package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.allocation.InfeasibleBudgetException;
import halftone.evaluation.Evaluator;
import halftone.evaluation.Reference;
import halftone.evidence.InputMoments;
import halftone.evidence.RowGradients;
import halftone.huggingface.HalftoneFile;
import halftone.huggingface.ModelSources;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.ModelSource;
import halftone.model.TinyLlama;
import halftone.numeric.NumberFormats;
import halftone.parts.Composite;
import halftone.parts.GroupCodes;
import halftone.parts.SomeRows;
import halftone.quantizer.LayerKnowledge;
import halftone.quantizer.LdlFactor;
import halftone.quantizer.MixLlm;
import halftone.runtime.Arithmetic;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.text.Texts;
import halftone.tokenizer.Tokenizers;
import halftone.workers.Cancellation;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartsRunTest {
  private static final TinyLlama NETWORK = new TinyLlama(64, 2, 4, 2, 128, false, 7);

  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void writesAModel() throws IOException {
    model = NETWORK.write(folder.resolve("tiny.gguf"));
  }

  private PartsRun run(String method, Budget budget) throws IOException {
    return new PartsRun(
        model,
        null,
        (Contestant.Parts)
            Contestant.parse(
                method,
                () -> {
                  throw new IllegalArgumentException("nothing differentiates networks here");
                }),
        budget,
        RoadTest.SMALL,
        Texts.builtIn(),
        folder.resolve("out.safetensors"),
        folder.resolve("store"),
        2);
  }

  /// The file is within the budget, and read again it is the network that was measured.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "hqq",
        "gptq-groups+smoothquant",
        "slim-llm",
        "lorc+hadamard-rotations",
        "hqq+bias-correction"
      })
  void whatIsWrittenIsWhatWasMeasured(String method) throws IOException {
    PartsRun.Result result =
        run(method, new Budget.Size(110_000)).run(Progress.SILENT, Cancellation.NEVER);
    Path file = folder.resolve("out.safetensors");
    assertThat(Files.size(file)).isEqualTo(result.bytes()).isLessThanOrEqualTo(110_000);
    try (ModelSource read = ModelSources.open(file);
        ModelSource original = ModelSources.open(model);
        Workers workers = new LocalWorkers(2)) {
      assertThat(read).isInstanceOf(HalftoneFile.class);
      Samples samples = Samples.of(Texts.builtIn(), Tokenizers.of(read.keys()), RoadTest.SMALL);
      Reference reference =
          Reference.measure(
              ModelReader.read(original),
              Arithmetic.EXACT,
              samples.scoredVerification(),
              new TreeSet<>(),
              workers);
      double kl =
          new Evaluator(reference, workers)
              .score(ModelReader.read(read), Arithmetic.EXACT)
              .meanDivergence();
      assertThat(kl).isEqualTo(result.quality().divergence().value());
    }
  }

  /// How inputs spike is gathered on the way: above a cut of 1 all do, and every weight keeps 16
  /// bits.
  @Test
  void spikingLayersAreFoundOnTheCalibrationText() throws IOException {
    Budget wide = new Budget.Size(1_000_000);
    long kept = bytes("integers:spiking=f16:cut=1", wide);
    long rounded = bytes("integers:spiking=f16:cut=1000000", wide);
    assertThat(kept).isGreaterThan(rounded * 3 / 2);
    assertThat(rounded).isEqualTo(bytes("integers", wide));
  }

  private long bytes(String method, Budget budget) throws IOException {
    return run(method, budget).run(Progress.SILENT, Cancellation.NEVER).bytes();
  }

  @Test
  void whatCannotFitIsRefusedAndNothingIsWritten() throws IOException {
    PartsRun run = run("hqq", new Budget.Size(20_000));
    assertThatThrownBy(() -> run.run(Progress.SILENT, Cancellation.NEVER))
        .isInstanceOf(InfeasibleBudgetException.class);
    assertThat(folder.resolve("out.safetensors")).doesNotExist();
    PartsRun loss = run("hqq", new Budget.MaxKl(1));
    assertThatThrownBy(() -> loss.run(Progress.SILENT, Cancellation.NEVER))
        .hasMessageContaining("a size");
  }

  /// Rows of one weight have gradients a hundred times those of the others: they are promoted
  /// first.
  @Test
  void rowsThatMatterArePromotedFirst() throws IOException {
    Path file = new TinyLlama(64, 1, 4, 2, 128, true, 3).write(folder.resolve("small.gguf"));
    try (ModelSource source = ModelSources.open(file);
        Workers workers = new LocalWorkers(2)) {
      Model network = ModelReader.read(source);
      Workshop shop = new Workshop(network, "x", workers, null, Progress.SILENT);
      List<String> names = Candidates.quantized(network);
      RowRanking ranking =
          new RowRanking(
              shop,
              new MixLlm(),
              names,
              name -> gradients(Objects.requireNonNull(network.tensors().get(name))),
              maker -> {
                SequencedMap<String, Composite> made = new LinkedHashMap<>();
                names.forEach(name -> made.put(name, maker.make(name, known(network, name))));
                return made;
              });
      long limit = 54_000;
      PartsSearch.Made made = ranking.within(limit);
      assertThat(made.bytes()).isLessThanOrEqualTo(limit);
      long favoured = promoted(made, "blk.0.ffn_up.weight");
      long others = names.stream().mapToLong(name -> promoted(made, name)).sum() - favoured;
      assertThat(favoured).isPositive();
      assertThat(favoured == 128 || others == 0).isTrue();
    }
  }

  private static long promoted(PartsSearch.Made made, String name) {
    return Objects.requireNonNull(made.composites().get(name)).parts().stream()
        .filter(SomeRows.class::isInstance)
        .map(SomeRows.class::cast)
        .filter(some -> ((GroupCodes) some.inner()).widths()[0] > 3)
        .mapToLong(SomeRows::count)
        .sum();
  }

  private static RowGradients gradients(Tensor weight) {
    boolean favoured = weight.name().equals("blk.0.ffn_up.weight");
    Random random = new Random(weight.name().hashCode());
    int rows = Math.toIntExact(weight.shape().rows());
    int columns = weight.shape().columns();
    float[] values = new float[2 * rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * (favoured ? 100 : 1));
    }
    return new RowGradients(
        2,
        rows,
        new Tensor(
            "g",
            Shape.of(columns, 2L * rows),
            NumberFormats.named("F32"),
            MemorySegment.ofArray(values)));
  }

  private static LayerKnowledge known(Model network, String name) {
    int n = Objects.requireNonNull(network.tensors().get(name)).shape().columns();
    float[] gram = new float[n * n];
    float[] squares = new float[n];
    for (int j = 0; j < n; j++) {
      gram[j * n + j] = 1;
      squares[j] = 1;
    }
    try (Workers workers = new LocalWorkers(1)) {
      return new LayerKnowledge(
          new InputMoments(n, 1, squares, gram), LdlFactor.of(gram, n, 0, workers), null, null);
    }
  }
}
