package halftone.recipe;

import halftone.allocation.Problem;
import halftone.evidence.ImportanceFile;
import halftone.evidence.ImportanceMatrix;
import halftone.model.Architectures;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.UnsupportedModelException;
import halftone.preset.Preset;
import halftone.sensitivity.Menu;
import halftone.store.ExperimentStore;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// The road from a request to verified files: evidence, scores, measured swaps, then for each
/// budget a choice, the rounding, the comparison with the presets, and the one reading of the
/// verification text.
///
/// Every finished unit is in the store when the next begins: a run that was killed goes on where it
/// stood, and a second budget needs no new measurement.
public final class Road {
  /// Logits of the original that are kept on the allocation text: 400 MB.
  private static final long KEPT_LOGITS = 100_000_000;

  private final Request request;
  private final Progress progress;

  public Road(Request request, Progress progress) {
    this.request = request;
    this.progress = progress;
  }

  /// Makes all files.
  ///
  /// @throws UnsupportedModelException when the network cannot be run; it can still be quantized by
  ///   preset
  /// @throws halftone.allocation.InfeasibleBudgetException when a budget is too small, before any
  ///   file is written
  public List<Outcome> run() throws IOException {
    try (GgufFile file = GgufReader.open(request.model());
        Workers workers = new LocalWorkers(request.threads());
        ExperimentStore store = ExperimentStore.open(request.store(), progress::note)) {
      Model model = ModelReader.read(file);
      Architectures.obstacle(model)
          .ifPresent(
              reason -> {
                throw new UnsupportedModelException(reason);
              });
      SoundWeights.require(model.tensors().values(), workers);
      Memo memo = new Memo(store);
      Workshop shop =
          new Workshop(model, ModelHash.of(request.model(), memo), workers, memo, progress);
      Samples samples = Samples.of(request.texts(), Tokenizers.of(file.keys()), request.effort());
      return new Journey(shop, file, samples).run();
    }
  }

  /// The steps over one open model.
  private final class Journey {
    private final Workshop shop;
    private final GgufFile file;
    private final Samples samples;
    private SequencedMap<String, Duration> times = new LinkedHashMap<>();

    Journey(Workshop shop, GgufFile file, Samples samples) {
      this.shop = shop;
      this.file = file;
      this.samples = samples;
    }

    List<Outcome> run() throws IOException {
      SequencedMap<String, Menu> menus =
          Menus.of(shop.model(), Candidates.quantized(shop.model()), request.pins());
      Evidence.@Nullable Given given = given();
      Evidence evidence =
          timed(
              "calibration",
              () ->
                  Evidence.gather(
                      shop,
                      menus,
                      samples.calibration(),
                      request.effort(),
                      request.scoring(),
                      given));
      Yardstick allocation =
          new Yardstick(shop, samples.scoredAllocation(), request.effort().depths(), KEPT_LOGITS);
      LossTable table = timed("measured swaps", () -> table(menus, evidence, allocation));
      // The same swaps in the same formats: all of them are in the store now.
      @Nullable LossTable byGram =
          evidence.byGram().map(other -> table(menus, other, allocation)).orElse(null);
      Proof proof =
          new Proof(shop, samples, evidence, allocation, request.effort(), request.pins());
      List<Outcome> outcomes = new ArrayList<>();
      SequencedMap<String, Duration> shared = times;
      for (Request.Target target : request.targets()) {
        times = new LinkedHashMap<>(shared);
        outcomes.add(outcome(target, menus, table, byGram, proof));
      }
      return outcomes;
    }

    private LossTable table(
        SequencedMap<String, Menu> menus, Evidence evidence, Yardstick allocation) {
      String text = samples.allocation().sha256();
      return LossTable.measure(shop, menus, evidence, allocation, text, request.effort());
    }

    private Outcome outcome(
        Request.Target target,
        SequencedMap<String, Menu> menus,
        LossTable table,
        @Nullable LossTable byGram,
        Proof proof)
        throws IOException {
      Provenance provenance = Provenance.of(request, shop.modelHash(), samples);
      Sizes sizes = new Sizes(shop.model(), provenance, file.alignment());
      Problem open = Choice.problem(menus, table, Long.MAX_VALUE, file.alignment());
      Choice choice =
          target.budget() instanceof Budget.MaxKl most
              ? timed("search for the size", () -> proof.smallest(menus, open, most.nats()))
              : Choice.of(menus, open.within(sizes.limit(target.budget(), menus)));
      long used = choice.allocation().used()[0];
      Problem problem = open.within(used);
      @Nullable Choice other =
          byGram == null
              ? null
              : Choice.of(menus, Choice.problem(menus, byGram, used, file.alignment()));
      Proof.Verdict verdict =
          timed("quantize and compare", () -> proof.judge(choice, other, sizes));
      timed(
          "write",
          () -> {
            new ModelFile(shop.model(), provenance, request.model())
                .write(target.output(), verdict.shipped());
            return target;
          });
      return new OutcomeBuilder(shop.model(), request.model(), menus, table, problem)
          .build(target.output(), choice, verdict, sizes, provenance, times);
    }

    private Evidence.@Nullable Given given() throws IOException {
      Path path = request.importance();
      if (path == null) {
        return null;
      }
      ImportanceMatrix matrix = ImportanceFile.read(path, ImportanceFile.USUAL_CHUNK_SIZE);
      return new Evidence.Given(
          ModelHash.of(path, shop.memo()), PresetRun.importance(shop.model(), matrix));
    }

    private <T> T timed(String step, Work<T> work) throws IOException {
      long start = System.nanoTime();
      T result = work.run();
      times.merge(step, Duration.ofNanos(System.nanoTime() - start), Duration::plus);
      return result;
    }
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  /// The predicted size of our own file of a preset, for `--like`.
  static SequencedMap<String, halftone.numeric.WeightFormat> like(Model model, String preset) {
    return Candidates.formats(
        model,
        Preset.named(preset)
            .plan(
                Candidates.infos(model),
                new halftone.model.Metadata("model", model.metadata()),
                true,
                List.of()));
  }
}
