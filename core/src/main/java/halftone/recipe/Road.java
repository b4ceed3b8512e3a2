package halftone.recipe;

import halftone.allocation.Problem;
import halftone.evidence.ImportanceFile;
import halftone.evidence.ImportanceMatrix;
import halftone.model.Model;
import halftone.model.ModelSource;
import halftone.model.PartFile;
import halftone.model.UnsupportedModelException;
import halftone.preset.Preset;
import halftone.sensitivity.Menu;
import halftone.tokenizer.Tokenizer;
import halftone.workers.Cancellation;
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
  private final Request request;
  private final Progress progress;
  private final Cancellation cancellation;

  /// A road that is walked to its end.
  public Road(Request request, Progress progress) {
    this(request, progress, Cancellation.NEVER);
  }

  /// A road that can be left: finished units stay in the store, and no output is begun.
  public Road(Request request, Progress progress, Cancellation cancellation) {
    this.request = request;
    this.progress = progress;
    this.cancellation = cancellation;
  }

  /// Makes all files.
  ///
  /// @throws halftone.workers.CancelledException when the cancellation asked for it; files of
  ///   earlier targets are there, whole
  /// @throws UnsupportedModelException when the network cannot be run; it can still be quantized by
  ///   preset
  /// @throws halftone.allocation.InfeasibleBudgetException when a budget is too small, before any
  ///   file is written
  public List<Outcome> run() throws IOException {
    OpenedModel.Place place =
        new OpenedModel.Place(
            request.model(), request.preTokenizer(), request.store(), request.threads());
    try (OpenedModel opened = OpenedModel.open(place, progress, cancellation)) {
      for (Request.Target target : request.targets()) {
        PartFile.requireWritable(target.output(), opened.source().files());
      }
      Workshop shop = opened.workshop(progress);
      Samples samples = samples(shop, opened.tokenizer());
      requireReachable(shop.model(), opened.source().alignment());
      if (request.runtime() != null) {
        Rulings.of(shop.model(), request.runtime()).forEach(progress::note);
      }
      Rewriting.Chosen chosen = request.rewriting().choose(shop, samples);
      return new Journey(shop, chosen, opened.source(), samples).run();
    }
  }

  private void requireReachable(Model model, int alignment) {
    SequencedMap<String, Menu> menus = menus(model);
    Sizes sizes = new Sizes(model, Provenance.planned(request), alignment);
    request.targets().forEach(target -> sizes.requireReachable(target.budget(), menus));
  }

  private SequencedMap<String, Menu> menus(Model model) {
    return Menus.of(model, Candidates.quantized(model), request.pins(), request.profile());
  }

  private Samples samples(Workshop shop, Tokenizer tokenizer) {
    SelfText self = request.self();
    return self == null
        ? Samples.of(request.texts(), tokenizer, request.effort())
        : Samples.of(self.write(shop, tokenizer), request.texts(), tokenizer, request.effort());
  }

  /// Predicted losses.
  ///
  /// @param byGram those of the Gram-weighted error, where `chosen` are by a metric of gradients;
  ///   else null
  private record Tables(LossTable chosen, @Nullable LossTable byGram) {}

  /// The steps over one open model.
  private final class Journey {
    private final Workshop original;
    private final Workshop shop;
    private final String rewrite;
    private final ModelSource source;
    private final Samples samples;
    private SequencedMap<String, Duration> times = new LinkedHashMap<>();

    Journey(Workshop original, Rewriting.Chosen chosen, ModelSource source, Samples samples) {
      this.original = original;
      this.shop = chosen.shop();
      this.rewrite = chosen.id();
      this.source = source;
      this.samples = samples;
    }

    List<Outcome> run() throws IOException {
      SequencedMap<String, Menu> menus = menus(shop.model());
      requireReachable(shop.model(), source.alignment());
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
          new Yardstick(
              shop, samples.scoredAllocation(), request.effort().depths(), Yardstick.KEPT_LOGITS);
      Rounding rounding = new Rounding(shop, samples.calibration(), evidence, request.effort());
      Tables tables = timed("measured swaps", () -> tables(menus, evidence, rounding, allocation));
      Rivals rivals =
          shop == original
              ? new Rivals(
                  shop, rounding, request.pins(), request.profile(), promise(menus, tables))
              : Rivals.of(original, samples, request);
      Proof proof = new Proof(shop, samples, rounding, allocation, rivals);
      List<Outcome> outcomes = new ArrayList<>();
      SequencedMap<String, Duration> shared = times;
      for (Request.Target target : request.targets()) {
        times = new LinkedHashMap<>(shared);
        outcomes.add(outcome(target, menus, tables, proof, given));
      }
      return outcomes;
    }

    private Rivals.Promise promise(SequencedMap<String, Menu> menus, Tables tables) {
      return request.effort().allRivals()
          ? Rivals.Promise.NONE
          : formats -> tables.chosen().promised(menus, formats);
    }

    /// The second one from the same swaps in the same formats: all of them are in the store by
    /// then.
    private Tables tables(
        SequencedMap<String, Menu> menus,
        Evidence evidence,
        Rounding rounding,
        Yardstick allocation) {
      LossTable table = table(menus, evidence, rounding, allocation);
      return new Tables(
          table,
          evidence.byGram().map(other -> table(menus, other, rounding, allocation)).orElse(null));
    }

    private LossTable table(
        SequencedMap<String, Menu> menus,
        Evidence evidence,
        Rounding rounding,
        Yardstick allocation) {
      return LossTable.measure(
          shop, menus, evidence, rounding, samples, allocation, request.effort());
    }

    private Outcome outcome(
        Request.Target target,
        SequencedMap<String, Menu> menus,
        Tables tables,
        Proof proof,
        Evidence.@Nullable Given given)
        throws IOException {
      Provenance provenance =
          Provenance.of(
              request, original.modelHash(), rewrite, samples, given == null ? null : given.hash());
      Sizes sizes = new Sizes(shop.model(), provenance, source.alignment());
      Problem open = Choice.problem(menus, tables.chosen(), Long.MAX_VALUE, source.alignment());
      Choice choice =
          target.budget() instanceof Budget.MaxKl most
              ? timed("search for the size", () -> proof.smallest(menus, open, most.nats()))
              : Choice.of(menus, open.within(sizes.limit(inBytes(target.budget(), sizes), menus)));
      long used = choice.allocation().used()[0];
      Problem problem = open.within(used);
      LossTable byGram = tables.byGram();
      @Nullable Choice other =
          byGram == null
              ? null
              : Choice.of(menus, Choice.problem(menus, byGram, used, source.alignment()));
      Proof.Verdict verdict =
          timed("quantize and compare", () -> proof.judge(choice, other, sizes));
      Workshop from = verdict.ours() ? shop : original;
      Provenance made =
          (verdict.ours() ? provenance : provenance.untransformed()).rounded(verdict.way());
      timed(
          "write",
          () -> {
            new ModelFile(from.model(), made, source.files())
                .write(target.output(), verdict.shipped(), cancellation);
            return target;
          });
      return new OutcomeBuilder(request.model(), menus, tables.chosen(), problem)
          .build(
              target,
              choice,
              verdict,
              sizes,
              new Sizes(from.model(), made, source.alignment()),
              new LinkedHashMap<>(times));
    }

    /// Bits a weight are those of the network as it was given: a rewrite may have more weights.
    private Budget inBytes(Budget budget, Sizes sizes) {
      if (shop == original || budget instanceof Budget.Fit) {
        return budget;
      }
      Model given = original.model();
      SequencedMap<String, Menu> menus = menus(given);
      Sizes own = new Sizes(given, sizes.provenance(), sizes.alignment());
      return new Budget.Size(own.bytes(budget, menus).orElseThrow());
    }

    private Evidence.@Nullable Given given() throws IOException {
      Path path = request.importance();
      if (path == null) {
        return null;
      }
      ImportanceMatrix matrix = ImportanceFile.read(path, ImportanceFile.USUAL_CHUNK_SIZE);
      return new Evidence.Given(
          ModelHash.of(path, shop.memo()), GivenImportance.values(shop.model(), matrix));
    }

    private <T> T timed(String step, Work<T> work) throws IOException {
      cancellation.check();
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
