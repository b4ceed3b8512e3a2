package halftone.recipe;

import halftone.allocation.Problem;
import halftone.evaluation.PairedComparison;
import halftone.evaluation.Quality;
import halftone.evaluation.TokenScores;
import halftone.model.Model;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.Menu;
import halftone.store.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// An [Arena] over one open model.
final class Contest {
  /// Logits of the original that are kept on the allocation text: 400 MB.
  private static final long KEPT_LOGITS = 100_000_000;

  /// Files of a family that are measured: the largest that fit.
  private static final int LARGEST = 3;

  private final Arena arena;
  private final Workshop shop;
  private final Samples samples;
  private final int alignment;
  private final SequencedMap<String, Menu> menus;
  private final Sizes sizes;
  private final Yardstick onAllocation;
  private final Yardstick onVerification;
  private final Map<Scoring, Evidence> evidences = new LinkedHashMap<>();
  private final Map<Contestant, Prepared> prepared = new LinkedHashMap<>();

  Contest(Arena arena, Workshop shop, Samples samples, int alignment) {
    this.arena = arena;
    this.shop = shop;
    this.samples = samples;
    this.alignment = alignment;
    this.menus = Menus.of(shop.model(), Candidates.quantized(shop.model()), List.of());
    this.sizes = new Sizes(shop.model(), new Provenance(new LinkedHashMap<>()), alignment);
    this.onAllocation =
        new Yardstick(shop, samples.scoredAllocation(), arena.effort().depths(), KEPT_LOGITS);
    this.onVerification = new Yardstick(shop, samples.scoredVerification(), 1, 0);
  }

  /// A file to make and measure.
  ///
  /// @param evidence what its importance was gathered from
  private record Work(
      String name, Rounding.Way way, SequencedMap<String, WeightFormat> formats, String evidence) {}

  /// What a contestant made for a size.
  private record Entry(String contestant, Work work, double predicted, TokenScores scores) {}

  private record Prepared(Evidence evidence, Rounding rounding, LossTable table, Duration time) {}

  List<Leaderboard> run() {
    arena.budgets().forEach(budget -> sizes.requireReachable(budget, menus));
    return arena.budgets().stream().map(this::board).toList();
  }

  private Leaderboard board(Budget budget) {
    long limit = sizes.bytes(budget, menus).orElseThrow();
    List<Entry> entries = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    for (Contestant contestant : arena.contestants()) {
      Optional<Entry> entry =
          switch (contestant) {
            case Contestant.Family family -> best(family, limit);
            case Contestant.Search search -> Optional.of(searched(search, budget));
          };
      entry.ifPresentOrElse(entries::add, () -> absent.add(contestant.id()));
    }
    entries.sort(Comparator.comparingDouble(entry -> entry.scores().meanDivergence()));
    return new Leaderboard(
        budget,
        limit,
        entries.stream().map(each -> standing(each, entries.getFirst())).toList(),
        absent);
  }

  private Leaderboard.Standing standing(Entry entry, Entry first) {
    SequencedMap<String, WeightFormat> formats = entry.work().formats();
    return new Leaderboard.Standing(
        entry.contestant(),
        entry.work().name(),
        sizes.file(formats),
        sizes.bitsPerWeight(formats),
        entry.predicted(),
        Quality.of(entry.scores()),
        entry == first ? null : PairedComparison.of(entry.scores(), first.scores()),
        time(entry));
  }

  private Duration time(Entry entry) {
    Duration making = seconds(shop.memo().numbers(key("arena seconds", entry.work()))[0]);
    return prepared.entrySet().stream()
        .filter(each -> each.getKey().id().equals(entry.contestant()))
        .map(each -> each.getValue().time())
        .reduce(making, Duration::plus);
  }

  private Entry searched(Contestant.Search search, Budget budget) {
    Prepared parts = prepared.computeIfAbsent(search, key -> prepare(search));
    Problem problem = Choice.problem(menus, parts.table(), sizes.limit(budget, menus), alignment);
    Choice choice = Choice.of(menus, problem);
    Work work = new Work(search.id(), search.way(), choice.formats(), parts.evidence().source());
    TokenScores scores = scores(work, () -> parts.rounding().apply(search.way(), choice.formats()));
    return new Entry(search.id(), work, choice.allocation().loss(), scores);
  }

  private Prepared prepare(Contestant.Search search) {
    Evidence evidence = gather(search.scoring());
    Rounding rounding = rounding(evidence);
    Duration gathering = took("evidence", search.scoring());
    if (!search.swaps()) {
      return new Prepared(evidence, rounding, new LossTable(evidence.scores()), gathering);
    }
    LossTable table = timed("swaps", search.scoring(), () -> measured(evidence, rounding));
    return new Prepared(evidence, rounding, table, gathering.plus(took("swaps", search.scoring())));
  }

  private LossTable measured(Evidence evidence, Rounding rounding) {
    String text = samples.allocation().sha256();
    return LossTable.measure(shop, menus, evidence, rounding, onAllocation, text, arena.effort());
  }

  private Evidence gather(Scoring scoring) {
    return evidences.computeIfAbsent(scoring, by -> timed("evidence", by, () -> gathered(by)));
  }

  private Evidence gathered(Scoring scoring) {
    return Evidence.gather(shop, menus, samples.calibration(), arena.effort(), scoring, null);
  }

  private Rounding rounding(Evidence evidence) {
    return new Rounding(shop, samples.calibration(), evidence, arena.effort());
  }

  /// By the allocation text, of the largest that fit.
  private Optional<Entry> best(Contestant.Family family, long limit) {
    Evidence evidence = gather(Scoring.usual(arena.effort()));
    Rounding rounding = rounding(evidence);
    boolean uniform = family == Contestant.Family.UNIFORM;
    return Candidates.all(shop.model(), List.of()).stream()
        .filter(rival -> rival.isUniform() == uniform && sizes.file(rival.formats()) <= limit)
        .sorted(Comparator.comparingLong(rival -> -sizes.file(rival.formats())))
        .limit(LARGEST)
        .map(
            rival ->
                new Work(rival.name(), Rounding.Way.ENCODERS, rival.formats(), evidence.source()))
        .min(Comparator.comparingDouble(work -> onAllocation(work, rounding)))
        .map(
            work ->
                new Entry(
                    family.id(),
                    work,
                    Double.NaN,
                    scores(work, () -> rounding.encoded(work.formats()))));
  }

  private double onAllocation(Work work, Rounding rounding) {
    Key key = keys("arena allocation", work).with("text", samples.allocation().sha256()).key();
    return shop.memo()
        .number(key, () -> onAllocation.score(rounding.encoded(work.formats())).meanDivergence());
  }

  /// Makes and measures a file, unless that is done.
  private TokenScores scores(Work work, Supplier<Model> make) {
    Key key = key("arena scores", work);
    shop.progress().step(work.name(), 1);
    if (!shop.memo().has(key)) {
      long start = System.nanoTime();
      Model made = make.get();
      shop.memo().number(key("arena seconds", work), () -> (System.nanoTime() - start) / 1e9);
      shop.memo().put(key, StoredScores.numbers(onVerification.score(made)));
    }
    shop.progress().done(1);
    return StoredScores.of(shop.memo().numbers(key));
  }

  private Key key(String kind, Work work) {
    return keys(kind, work).with("text", samples.verification().sha256()).key();
  }

  private Key.Builder keys(String kind, Work work) {
    Map<String, String> ids = new TreeMap<>();
    work.formats().forEach((tensor, format) -> ids.put(tensor, format.id()));
    return keys(kind)
        .with("way", work.way().id())
        .with("formats", ids.toString())
        .with("evidence", work.evidence());
  }

  private Key.Builder keys(String kind) {
    return Key.of(kind)
        .with("model", shop.modelHash())
        .with("calibration", samples.calibration().sha256())
        .with("effort", arena.effort().toString());
  }

  /// Does a part of the work for a metric. What it takes is kept the first time: a later run finds
  /// it done.
  private <T> T timed(String part, Scoring scoring, Supplier<T> work) {
    long start = System.nanoTime();
    T result = work.get();
    shop.memo().number(key(part, scoring), () -> (System.nanoTime() - start) / 1e9);
    return result;
  }

  private Duration took(String part, Scoring scoring) {
    return seconds(shop.memo().numbers(key(part, scoring))[0]);
  }

  private Key key(String part, Scoring scoring) {
    return keys("arena part").with("part", part).with("metric", scoring.metric().toString()).key();
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
