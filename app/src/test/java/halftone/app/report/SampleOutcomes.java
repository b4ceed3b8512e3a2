package halftone.app.report;

import halftone.evaluation.Distribution;
import halftone.evaluation.Estimate;
import halftone.evaluation.PairedComparison;
import halftone.evaluation.Quality;
import halftone.kvcache.CachePolicy;
import halftone.recipe.Budget;
import halftone.recipe.Leaderboard;
import halftone.recipe.Outcome;
import halftone.runtime.MemoryPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Outcomes made by hand, of the size of a small language model.
final class SampleOutcomes {
  static final String HOSTILE = "odd <&\"> 'name'";

  private static final SampleCurve CURVE = new SampleCurve(65_812_480, 0.02874, HOSTILE);

  private SampleOutcomes() {}

  /// Ours is better than a preset.
  static Outcome shipped() {
    return outcome("halftone", verification(0.0312, 0.0389, -0.0077, -0.0089, -0.0064));
  }

  /// The same, for a budget of memory.
  static Outcome fitted() {
    Budget.Fit fit = new Budget.Fit(200_000_000, 4096, CachePolicy.Q8_0);
    return outcome(
        "halftone",
        verification(0.0312, 0.0389, -0.0077, -0.0089, -0.0064),
        new Outcome.Memory(fit, new MemoryPlan(100_000_000, 20_000_000, 3_000_000)));
  }

  /// The preset wins on the verification text.
  static Outcome rivalShipped() {
    return outcome("q3_k_m", verification(0.0412, 0.0389, 0.0023, -0.0004, 0.0051));
  }

  /// Ours is ahead, but not beyond doubt.
  static Outcome undecided() {
    return outcome("halftone", verification(0.0380, 0.0389, -0.0009, -0.0021, 0.0003));
  }

  /// Nothing could be run: what is not known is null, NaN or empty.
  static Outcome unmeasured() {
    Outcome.TensorChoice tensor =
        new Outcome.TensorChoice(
            HOSTILE, "64×32", "Q4_K", 1152, Double.NaN, "because <&\">", List.of());
    return new Outcome(
        Path.of("out & about.gguf"),
        Path.of("model<1>.gguf"),
        1500,
        4.5,
        "halftone",
        Double.NaN,
        List.of(tensor),
        List.of(
            new Outcome.CurvePoint(1500, Double.NaN, 4.5, List.of(new Outcome.Change(0, 0))),
            new Outcome.CurvePoint(1600, 0, 4.8, List.of(new Outcome.Change(0, 0)))),
        List.of(),
        null,
        null,
        new LinkedHashMap<>(),
        new LinkedHashMap<>());
  }

  private static Outcome outcome(String shipped, Outcome.Verification verification) {
    return outcome(shipped, verification, null);
  }

  private static Outcome outcome(
      String shipped, Outcome.Verification verification, Outcome.@Nullable Memory memory) {
    return new Outcome(
        Path.of("out", "smollm2-135m-3.9bpw.gguf"),
        Path.of("models", "smollm2-135m-f16.gguf"),
        65_812_480,
        3.912,
        shipped,
        0.02874,
        CURVE.tensors,
        CURVE.curve,
        candidates(),
        verification,
        memory,
        provenance(),
        times());
  }

  private static List<Outcome.Candidate> candidates() {
    return List.of(
        new Outcome.Candidate("halftone", true, 65_812_480, 0.0287, 0.0309, 0.00052),
        new Outcome.Candidate("halftone, encoder only", true, 65_812_480, 0.0287, 0.0342, 0.00058),
        new Outcome.Candidate("q3_k_m", false, 65_120_256, Double.NaN, 0.0391, 0.00066),
        new Outcome.Candidate("uniform iq3_s", false, 63_870_976, Double.NaN, 0.0447, 0.00071),
        new Outcome.Candidate("q3_k_s", false, 62_041_088, Double.NaN, 0.0963, 0.0013));
  }

  private static Outcome.Verification verification(
      double ours, double rival, double difference, double lower, double upper) {
    SequencedMap<String, Quality> kinds = new LinkedHashMap<>();
    kinds.put("prose", quality(0.0288));
    kinds.put("code", quality(0.0241));
    kinds.put("dialogue <b>", quality(0.0377));
    return new Outcome.Verification(
        quality(ours),
        "q3_k_m",
        65_120_256,
        quality(rival),
        new PairedComparison(difference, lower, upper, -12.1, 3.2e-9, 48),
        kinds);
  }

  /// Two sizes, with a contestant that has no file of the second.
  static List<Leaderboard> boards() {
    PairedComparison behind = new PairedComparison(0.02, 0.015, 0.026, 9.1, 2e-8, 48);
    Leaderboard.Standing first =
        standing("gram-error+swaps+gptq", "gram-error+swaps+gptq", 0.0312, null);
    return List.of(
        new Leaderboard(
            new Budget.Bits(3),
            65_812_480,
            List.of(
                first,
                standing("gram-error+swaps", "gram-error+swaps", 0.0402, behind),
                standing("presets", "q3_k_m", 0.0512, behind)),
            List.of()),
        new Leaderboard(new Budget.Bits(2), 45_812_480, List.of(first), List.of("presets")));
  }

  private static Leaderboard.Standing standing(
      String contestant, String file, double loss, @Nullable PairedComparison paired) {
    return new Leaderboard.Standing(
        contestant, file, 65_812_000, 2.99, loss, quality(loss), paired, Duration.ofSeconds(75));
  }

  static EvaluatedFile evaluated() {
    return new EvaluatedFile(
        Path.of("out", "smollm2-135m-3.9bpw.gguf"),
        65_812_480,
        3.912,
        "exact",
        "models/smollm2-135m-f16.gguf",
        "wiki.txt@-150000-",
        24,
        512);
  }

  static Quality quality(double kl) {
    Distribution kls =
        new Distribution(
            61 * kl, 22 * kl, 8 * kl, 3.4 * kl, 2.2 * kl, 1.1 * kl, 0.41 * kl, 0.12 * kl, 0.03 * kl,
            0.01 * kl, 0, 0, 0);
    Distribution changes =
        new Distribution(
            0.82, 0.41, 0.17, 0.08, 0.045, 0.011, -0.0001, -0.013, -0.052, -0.094, -0.21, -0.46,
            -0.88);
    return new Quality(
        24_480,
        new Estimate(17.91, 0.31),
        new Estimate(17.42, 0.30),
        0.9967,
        new Estimate(Math.log1p(kl), 0.0011),
        new Estimate(1 + kl, 0.0012),
        new Estimate(0.49, 0.021),
        new Estimate(kl, kl / 60),
        kls,
        new Estimate(-0.0021, 0.00031),
        changes,
        new Estimate(0.0512, 0.0007),
        new Estimate(0.8812, 0.0021));
  }

  private static SequencedMap<String, String> provenance() {
    SequencedMap<String, String> provenance = new LinkedHashMap<>();
    provenance.put("version", "0.1.0");
    provenance.put("recipe", "standard Gptq[damping=0.01, blockColumns=128] & \"swaps\"");
    provenance.put(
        "source.sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    provenance.put("texts", "{calibration=wiki-train.txt:512×96, seed=0, allocation=a.txt}");
    provenance.put("seed", "0");
    return provenance;
  }

  private static SequencedMap<String, Duration> times() {
    SequencedMap<String, Duration> times = new LinkedHashMap<>();
    times.put("calibration", Duration.ofMillis(48_312));
    times.put("measured swaps", Duration.ofSeconds(412));
    times.put("quantize and compare", Duration.ofSeconds(3902));
    times.put("write", Duration.ofMillis(420));
    return times;
  }
}
