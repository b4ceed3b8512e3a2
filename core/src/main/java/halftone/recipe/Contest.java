package halftone.recipe;

import halftone.allocation.InfeasibleBudgetException;
import halftone.allocation.Problem;
import halftone.evaluation.PairedComparison;
import halftone.evaluation.Quality;
import halftone.evaluation.TokenScores;
import halftone.model.Model;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.GramError;
import halftone.sensitivity.WeightError;
import halftone.store.Key;
import halftone.transform.Transform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An [Arena] over one open model.
final class Contest {
  /// Files of a family that are measured: the largest that fit.
  private static final int LARGEST = 3;

  private final Arena arena;
  private final Workshop shop;
  private final Samples samples;
  private final int alignment;
  private final Sizes sizes;
  private final Ground original;
  private final ArenaFiles files;
  private final Map<String, Ground> grounds = new HashMap<>();

  Contest(Arena arena, Workshop shop, Samples samples, int alignment) {
    this.arena = arena;
    this.shop = shop;
    this.samples = samples;
    this.alignment = alignment;
    this.sizes = new Sizes(shop.model(), new Provenance(new LinkedHashMap<>()), alignment);
    this.original = ground(null, false);
    this.files = new ArenaFiles(shop, samples, arena.arithmetic());
  }

  private Ground ground(@Nullable Transform transform, boolean single) {
    return grounds.computeIfAbsent(
        (transform == null ? Rewriting.NO_TRANSFORM : transform.spelled()) + single,
        id ->
            new Ground(
                transform == null ? shop : Rewriting.apply(shop, transform, samples.calibration()),
                samples,
                arena.effort(),
                single));
  }

  /// What a contestant made for a size.
  private record Entry(
      Contestant contestant,
      ArenaFiles.Work work,
      long bytes,
      double bitsPerWeight,
      double predicted,
      TokenScores scores) {}

  List<Leaderboard> run() {
    arena.budgets().forEach(budget -> sizes.requireReachable(budget, original.menus()));
    return arena.budgets().stream().map(this::board).toList();
  }

  private Leaderboard board(Budget budget) {
    long limit = sizes.bytes(budget, original.menus()).orElseThrow();
    List<Entry> entries = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    for (Contestant contestant : arena.contestants()) {
      Optional<Entry> entry =
          switch (contestant) {
            case Contestant.Family family -> best(family, limit);
            case Contestant.Search search -> searched(search, budget, limit);
            case Contestant.Ranked ranked -> ranked(ranked, budget, limit);
            case Contestant.Parts parts -> inParts(parts, limit);
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
    return new Leaderboard.Standing(
        entry.contestant().id(),
        entry.work().name(),
        entry.bytes(),
        entry.bitsPerWeight(),
        entry.predicted(),
        Quality.of(entry.scores()),
        entry == first ? null : PairedComparison.of(entry.scores(), first.scores()),
        time(entry));
  }

  private Duration time(Entry entry) {
    Ground ground = entry.work().ground();
    Duration making = files.took(entry.work());
    return switch (entry.contestant()) {
      case Contestant.Family _ -> making;
      case Contestant.Search search -> {
        String metric = search.scoring().metric().toString();
        Duration all = making.plus(ground.took("evidence", metric));
        if (search.swaps()) {
          all = all.plus(ground.took(Contestant.SWAPS, metric));
        }
        String formats = String.valueOf(entry.work().settings().get(ArenaFiles.FORMATS));
        yield search.exchanges() ? all.plus(ground.took(Contestant.EXCHANGES, formats)) : all;
      }
      case Contestant.Ranked ranked ->
          making.plus(ground.took("evidence", ranked.ranking().toString()));
      case Contestant.Parts parts -> {
        Duration all = making.plus(ground.took("evidence", parts.method().toString()));
        String metric = new GramError().toString();
        yield parts.swaps() ? all.plus(ground.took(Contestant.SWAPS, metric)) : all;
      }
    };
  }

  private Optional<Entry> searched(Contestant.Search search, Budget budget, long bytes) {
    Ground ground = ground(search.transform(), search.way() == Rounding.Way.ADAROUND);
    LossTable table = ground.table(search.scoring(), search.swaps());
    Evidence evidence = ground.evidence(search.scoring());
    return chosen(ground, table, allowed(search, budget, bytes))
        .map(
            choice ->
                settled(
                    search,
                    ground,
                    search.way(),
                    search.exchanges()
                        ? ground.exchanged(choice.formats(), table, evidence)
                        : choice.formats(),
                    choice.allocation().loss(),
                    evidence));
  }

  private Optional<Entry> ranked(Contestant.Ranked ranked, Budget budget, long bytes) {
    Ground ground = ground(ranked.transform(), ranked.way() == Rounding.Way.ADAROUND);
    double[] scores = ground.blockScores(ranked.ranking(), ranked.gradients());
    Evidence evidence = ground.evidence(new Scoring(new WeightError(), null));
    if (ranked.thresholds()) {
      return ThresholdFormats.within(ground.menus(), own(ground), scores, bytes)
          .map(formats -> settled(ranked, ground, ranked.way(), formats, Double.NaN, evidence));
    }
    LossTable table =
        BlockScores.table(ground.shop().model(), ground.menus(), scores, evidence.scores());
    return chosen(ground, table, allowed(ranked, budget, bytes))
        .map(
            choice ->
                settled(
                    ranked,
                    ground,
                    ranked.way(),
                    choice.formats(),
                    choice.allocation().loss(),
                    evidence));
  }

  /// A rewrite may have more weights than the original; bytes are the same for all.
  private static Budget allowed(Contestant contestant, Budget budget, long bytes) {
    return contestant.transform() == null ? budget : new Budget.Size(bytes);
  }

  private Sizes own(Ground ground) {
    return new Sizes(ground.shop().model(), sizes.provenance(), alignment);
  }

  private Optional<Choice> chosen(Ground ground, LossTable table, Budget budget) {
    long limit = own(ground).limit(budget, ground.menus());
    try {
      Problem problem = Choice.problem(ground.menus(), table, limit, alignment);
      return Optional.of(Choice.of(ground.menus(), problem));
    } catch (InfeasibleBudgetException tooSmall) {
      return Optional.empty();
    }
  }

  private Entry settled(
      Contestant contestant,
      Ground ground,
      Rounding.Way way,
      SequencedMap<String, WeightFormat> formats,
      double predicted,
      Evidence evidence) {
    ArenaFiles.Work work = ArenaFiles.Work.of(contestant.id(), ground, way, formats, evidence);
    TokenScores scores = files.scores(work, () -> ground.rounding(evidence).apply(way, formats));
    Sizes own = own(ground);
    return new Entry(
        contestant, work, own.file(formats), own.bitsPerWeight(formats), predicted, scores);
  }

  /// In bytes of a file of ours. What was made is in the store with its size.
  private Optional<Entry> inParts(Contestant.Parts parts, long limit) {
    Ground ground = ground(parts.transform(), false);
    SequencedMap<String, String> settings = new LinkedHashMap<>();
    settings.put("method", parts.method().toString());
    settings.put("limit", Long.toString(limit));
    if (parts.swaps()) {
      settings.put(Contestant.SWAPS, samples.allocation().sha256());
    }
    ArenaFiles.Work work = new ArenaFiles.Work(parts.id(), ground, settings);
    Key made = work.key("arena parts", samples.verification().sha256());
    TokenScores scores;
    try {
      scores =
          files.scores(
              work,
              () -> {
                PartsSearch.Made file = ground.parts(parts).within(limit);
                double bytes = file.composites().values().stream().mapToLong(c -> c.bytes()).sum();
                shop.memo().put(made, new double[] {file.bytes(), bytes, file.predicted()});
                return file.applied(ground.shop(), samples.calibration());
              });
    } catch (InfeasibleBudgetException tooSmall) {
      return Optional.empty();
    }
    double[] numbers = shop.memo().numbers(made);
    Model model = ground.shop().model();
    long elements = model.tensors().values().stream().mapToLong(t -> t.shape().elements()).sum();
    double bits = 8 * (numbers[1] + kept(ground)) / elements;
    return Optional.of(new Entry(parts, work, (long) numbers[0], bits, numbers[2], scores));
  }

  /// Bytes of tensors that nobody quantizes.
  private static long kept(Ground ground) {
    return ground.shop().model().tensors().values().stream()
        .filter(tensor -> !ground.menus().containsKey(tensor.name()))
        .mapToLong(tensor -> tensor.byteSize())
        .sum();
  }

  /// By the allocation text, of the largest that fit.
  private Optional<Entry> best(Contestant.Family family, long limit) {
    Evidence evidence = original.evidence(Scoring.usual(arena.effort()));
    boolean presets = family == Contestant.Family.PRESETS;
    Set<String> kept = family == Contestant.Family.SPIKE_AWARE ? original.spiking() : Set.of();
    return Candidates.all(shop.model(), List.of()).stream()
        .filter(rival -> rival.isUniform() != presets)
        .map(rival -> kept.isEmpty() ? rival : rival.keeping(kept))
        .filter(rival -> sizes.file(rival.formats()) <= limit)
        .sorted(Comparator.comparingLong(rival -> -sizes.file(rival.formats())))
        .limit(LARGEST)
        .min(Comparator.comparingDouble(rival -> onAllocation(rival, evidence)))
        .map(rival -> entry(family, rival, evidence));
  }

  private Entry entry(Contestant.Family family, Candidates.Rival rival, Evidence evidence) {
    ArenaFiles.Work work =
        ArenaFiles.Work.of(
            rival.name(), original, Rounding.Way.ENCODERS, rival.formats(), evidence);
    return new Entry(
        family,
        work,
        sizes.file(rival.formats()),
        sizes.bitsPerWeight(rival.formats()),
        Double.NaN,
        files.scores(work, () -> original.rounding(evidence).encoded(rival.formats())));
  }

  private double onAllocation(Candidates.Rival rival, Evidence evidence) {
    ArenaFiles.Work work =
        ArenaFiles.Work.of(
            rival.name(), original, Rounding.Way.ENCODERS, rival.formats(), evidence);
    return files.onAllocation(
        work,
        samples.allocation().sha256(),
        () -> original.rounding(evidence).encoded(rival.formats()));
  }
}
