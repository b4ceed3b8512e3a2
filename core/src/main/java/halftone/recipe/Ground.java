package halftone.recipe;

import halftone.evidence.GradientSource;
import halftone.evidence.SpikeRatios;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.BlockRanking;
import halftone.sensitivity.GramError;
import halftone.sensitivity.Menu;
import halftone.sensitivity.SpikeAware;
import halftone.store.Key;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What contestants share that quantize the same network, the original or one rewrite of it, with
/// the same formats on the menus.
final class Ground {
  private final Workshop shop;
  private final Samples samples;
  private final Effort effort;
  private final SequencedMap<String, Menu> menus;
  private final Yardstick onAllocation;
  private final Map<Scoring, Evidence> evidences = new LinkedHashMap<>();
  private final Map<String, PartsSearch> parts = new HashMap<>();

  /// @param single whether menus are of formats alone that round column by column
  Ground(Workshop shop, Samples samples, Effort effort, boolean single) {
    this.shop = shop;
    this.samples = samples;
    this.effort = effort;
    SequencedMap<String, Menu> all =
        Menus.of(shop.model(), Candidates.quantized(shop.model()), List.of());
    this.menus = single ? Menus.ofSingleColumns(all) : all;
    this.onAllocation =
        new Yardstick(shop, samples.scoredAllocation(), effort.depths(), Yardstick.KEPT_LOGITS);
  }

  Workshop shop() {
    return shop;
  }

  SequencedMap<String, Menu> menus() {
    return menus;
  }

  Yardstick onAllocation() {
    return onAllocation;
  }

  Evidence evidence(Scoring scoring) {
    return evidences.computeIfAbsent(
        scoring,
        by ->
            timed(
                "evidence",
                by.metric().toString(),
                () -> Evidence.gather(shop, menus, samples.calibration(), effort, by, null)));
  }

  Rounding rounding(Evidence evidence) {
    return new Rounding(shop, samples.calibration(), evidence, effort);
  }

  LossTable table(Scoring scoring, boolean swaps) {
    Evidence evidence = evidence(scoring);
    if (!swaps) {
      return new LossTable(evidence.scores());
    }
    return timed(
        Contestant.SWAPS,
        scoring.metric().toString(),
        () ->
            LossTable.measure(
                shop, menus, evidence, rounding(evidence), samples, onAllocation, effort));
  }

  /// Formats after [LocalSearch] on the allocation text, files by the encoders.
  SequencedMap<String, WeightFormat> exchanged(
      SequencedMap<String, WeightFormat> start, LossTable table, Evidence evidence) {
    long begin = System.nanoTime();
    Rounding rounding = rounding(evidence);
    shop.progress().step(Contestant.EXCHANGES, LocalSearch.STANDARD.trials());
    SequencedMap<String, WeightFormat> best =
        LocalSearch.STANDARD.improve(
            menus, table, start, formats -> exchangeLoss(formats, evidence, rounding));
    Key took = key(Contestant.EXCHANGES, Choice.ids(best));
    shop.memo().number(took, () -> (System.nanoTime() - begin) / 1e9);
    return best;
  }

  private double exchangeLoss(
      SequencedMap<String, WeightFormat> formats, Evidence evidence, Rounding rounding) {
    Key key =
        keys("exchange")
            .with("text", samples.allocation().sha256())
            .with("evidence", evidence.source())
            .with("formats", Choice.ids(formats))
            .key();
    double loss =
        shop.memo()
            .number(key, () -> onAllocation.score(rounding.encoded(formats)).meanDivergence());
    shop.progress().done(1);
    return loss;
  }

  /// Scores of whole blocks.
  double[] blockScores(BlockRanking ranking, @Nullable GradientSource gradients) {
    return timed(
        "evidence",
        ranking.toString(),
        () -> new BlockScores(shop, samples, onAllocation).of(ranking, gradients));
  }

  /// What rounding whole blocks alone loses.
  double[] blockLosses(Rounding rounding) {
    return new BlockScores(shop, samples, onAllocation).measured(menus, rounding);
  }

  /// Weights whose inputs spike on the calibration text.
  Set<String> spiking() {
    List<String> linears = List.copyOf(new TreeSet<>(shop.model().linears()));
    Key key = keys("spike ratios").key();
    if (!shop.memo().has(key)) {
      Map<String, Double> ratios =
          SpikeRatios.of(shop.model(), samples.calibration().tokens(), shop.workers());
      shop.memo()
          .put(key, linears.stream().mapToDouble(name -> ratios.getOrDefault(name, 0.0)).toArray());
    }
    double[] known = shop.memo().numbers(key);
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (int i = 0; i < known.length; i++) {
      ratios.put(linears.get(i), known[i]);
    }
    return new SpikeAware().spiking(ratios);
  }

  PartsSearch parts(Contestant.Parts asked) {
    return parts.computeIfAbsent(
        asked.id(),
        id -> {
          NatsPerScore scale = asked.swaps() ? natsPerScore() : null;
          return timed(
              "evidence",
              asked.method().toString(),
              () -> new PartsSearch(shop, asked, samples, menus, scale));
        });
  }

  /// Of the Gram-weighted error.
  private NatsPerScore natsPerScore() {
    Scoring byGram = new Scoring(new GramError(), null);
    return NatsPerScore.of(menus, evidence(byGram).scores(), table(byGram, true));
  }

  /// Does a part of the work. What it takes is kept the first time: a later run finds it done.
  private <T> T timed(String part, String method, Supplier<T> work) {
    long start = System.nanoTime();
    T result = work.get();
    shop.memo().number(key(part, method), () -> (System.nanoTime() - start) / 1e9);
    return result;
  }

  /// What a part took, none if it was not needed.
  Duration took(String part, String method) {
    Key key = key(part, method);
    double seconds = shop.memo().has(key) ? shop.memo().numbers(key)[0] : 0;
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  private Key key(String part, String method) {
    return keys("arena part").with("part", part).with("metric", method).key();
  }

  Key.Builder keys(String kind) {
    return Key.of(kind)
        .with("model", shop.modelHash())
        .with("calibration", samples.calibration().sha256())
        .with("effort", effort.toString());
  }
}
