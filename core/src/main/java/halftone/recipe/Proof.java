package halftone.recipe;

import halftone.allocation.MultipleChoiceKnapsack;
import halftone.allocation.Problem;
import halftone.evaluation.Estimate;
import halftone.evaluation.PairedComparison;
import halftone.evaluation.Quality;
import halftone.evaluation.TokenScores;
import halftone.model.Model;
import halftone.sensitivity.Menu;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Never worse: ours, its encoder-only variant and the largest rivals that fit are compared on the
/// allocation text; the winner and the best rival read the verification text, which nothing has
/// seen, once; where ours loses there, the rival is shipped.
final class Proof {
  /// Rounds of the search for a size; a loss between 95 % of what is allowed and all of it ends it.
  private static final int ATTEMPTS = 5;

  private static final double CLOSE = 0.95;
  private static final double CAUTION = 0.98;

  private final Workshop shop;
  private final Samples samples;
  private final Rounding rounding;
  private final Rivals rivals;
  private final Yardstick onAllocation;
  private final Yardstick onVerification;

  Proof(Workshop shop, Samples samples, Rounding rounding, Yardstick onAllocation, Rivals rivals) {
    this.shop = shop;
    this.samples = samples;
    this.rounding = rounding;
    this.rivals = rivals;
    this.onAllocation = onAllocation;
    this.onVerification = new Yardstick(shop, samples.scoredVerification(), 1, 0);
  }

  /// The decision and what it rests on.
  record Verdict(
      Model shipped,
      Rounding.Way way,
      String name,
      boolean ours,
      List<Outcome.Candidate> candidates,
      Outcome.Verification verification) {}

  private record Contender(
      String name,
      Rounding.Way way,
      long bytes,
      double predicted,
      Model model,
      TokenScores scores) {
    double kl() {
      return scores.meanDivergence();
    }
  }

  /// @param byGram what the Gram-weighted error would have chosen for the size, or null where the
  ///   choice is by it or by nothing dearer
  Verdict judge(Choice choice, @Nullable Choice byGram, Sizes sizes) {
    long bytes = sizes.file(choice.formats());
    List<Contender> ours = new ArrayList<>();
    ours.add(own("halftone", Rounding.Way.FEEDBACK, choice, sizes));
    if (byGram != null) {
      ours.add(own("halftone, Gram-weighted", Rounding.Way.FEEDBACK, byGram, sizes));
    }
    ours.add(own("halftone, encoder only", Rounding.Way.ENCODERS, choice, sizes));
    List<Contender> opposed = rivals(bytes, sizes);
    Contender best = ours.stream().min(Comparator.comparingDouble(Contender::kl)).orElseThrow();
    Contender rival = opposed.stream().min(Comparator.comparingDouble(Contender::kl)).orElse(null);
    List<Outcome.Candidate> candidates = new ArrayList<>();
    for (Contender contender : concat(ours, opposed)) {
      Estimate kl = Estimate.mean(contender.scores().divergence());
      candidates.add(
          new Outcome.Candidate(
              contender.name(),
              ours.contains(contender),
              contender.bytes(),
              contender.predicted(),
              kl.value(),
              kl.error()));
    }
    return verify(best, rival, candidates);
  }

  /// The smallest choice whose measured loss on the allocation text is at most `most`: the table's
  /// promise is scaled by what was measured until both agree, or some rounds have passed and one
  /// choice has kept within it.
  ///
  /// @throws halftone.allocation.UnreachableLossException when no choice is promised to lose so
  ///   little
  Choice smallest(SequencedMap<String, Menu> menus, Problem problem, double most) {
    double promise = most;
    Choice within = null;
    for (int attempt = 0; attempt < ATTEMPTS || within == null; attempt++) {
      Choice choice = promised(menus, problem, promise);
      double realised =
          onAllocation
              .score(rounding.apply(Rounding.Way.FEEDBACK, choice.formats()))
              .meanDivergence();
      if (realised <= most && (within == null || bytes(choice) < bytes(within))) {
        within = choice;
      }
      if (realised <= most && realised >= CLOSE * most) {
        break;
      }
      promise *= most / realised * (realised > most ? CAUTION : 1);
    }
    return Objects.requireNonNull(within);
  }

  private static long bytes(Choice choice) {
    return choice.allocation().used()[0];
  }

  private static Choice promised(
      SequencedMap<String, Menu> menus, Problem problem, double promise) {
    return Choice.of(
        menus, MultipleChoiceKnapsack.STANDARD.smallestWithin(problem, promise).allocation());
  }

  private Verdict verify(
      Contender best, @Nullable Contender rival, List<Outcome.Candidate> candidates) {
    shop.progress().step("verification", rival == null ? 1 : 2);
    TokenScores own = onVerification.score(best.model());
    shop.progress().done(1);
    if (rival == null) {
      Outcome.Verification verification =
          new Outcome.Verification(Quality.of(own), null, 0, null, null, kinds(own));
      return new Verdict(best.model(), best.way(), best.name(), true, candidates, verification);
    }
    TokenScores other = onVerification.score(rival.model());
    shop.progress().done(1);
    PairedComparison paired = PairedComparison.of(own, other);
    boolean worse = paired.difference() > 0;
    Outcome.Verification verification =
        new Outcome.Verification(
            Quality.of(own),
            rival.name(),
            rival.bytes(),
            Quality.of(other),
            paired,
            kinds(worse ? other : own));
    Contender shipped = worse ? rival : best;
    return new Verdict(
        shipped.model(), shipped.way(), shipped.name(), !worse, candidates, verification);
  }

  private Contender own(String name, Rounding.Way way, Choice choice, Sizes sizes) {
    long bytes = sizes.file(choice.formats());
    double predicted = choice.allocation().loss();
    Model model = rounding.apply(way, choice.formats());
    return new Contender(name, way, bytes, predicted, model, onAllocation.score(model));
  }

  private List<Contender> rivals(long bytes, Sizes sizes) {
    return rivals.within(bytes, sizes, onAllocation).stream()
        .map(
            each ->
                new Contender(
                    each.name(),
                    Rounding.Way.ENCODERS,
                    each.bytes(),
                    each.predicted(),
                    each.model(),
                    each.scores()))
        .toList();
  }

  private static List<Contender> concat(List<Contender> first, List<Contender> second) {
    List<Contender> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private SequencedMap<String, Quality> kinds(TokenScores scores) {
    SequencedMap<String, Quality> kinds = new LinkedHashMap<>();
    List<String> kindOfChunk = samples.verification().kinds();
    for (String kind : new java.util.LinkedHashSet<>(kindOfChunk)) {
      TokenScores part = scores.only(chunk -> kindOfChunk.get(chunk).equals(kind));
      if (part.count() >= Quality.FEWEST_TOKENS) {
        kinds.put(kind, Quality.of(part));
      }
    }
    return kinds;
  }
}
