package halftone.app.report;

import halftone.evaluation.Distribution;
import halftone.evaluation.Estimate;
import halftone.evaluation.PairedComparison;
import halftone.evaluation.Quality;
import halftone.numeric.NumberFormats;
import halftone.recipe.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Outcomes made by hand, of the size of a small language model.
final class SampleOutcomes {
  static final String HOSTILE = "odd <&\"> 'name'";
  private static final int BLOCKS = 30;
  private static final List<String> MENU =
      List.of("Q2_K", "IQ3_XXS", "Q3_K", "IQ4_XS", "Q4_K", "Q5_K", "Q6_K", "Q8_0");

  private SampleOutcomes() {}

  /// Ours is better than a preset.
  static Outcome shipped() {
    return outcome("halftone", verification(0.0312, 0.0389, -0.0077, -0.0089, -0.0064));
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
        List.of(new Outcome.CurvePoint(1500, Double.NaN), new Outcome.CurvePoint(1600, 0)),
        List.of(),
        null,
        new LinkedHashMap<>(),
        new LinkedHashMap<>());
  }

  private static Outcome outcome(String shipped, Outcome.Verification verification) {
    List<Outcome.TensorChoice> tensors = new ArrayList<>();
    tensors.add(chosen("token_embd.weight", 576, 49152, 5));
    for (int block = 0; block < BLOCKS; block++) {
      String prefix = "blk." + block + ".";
      tensors.add(kept(prefix + "attn_norm.weight"));
      tensors.add(chosen(prefix + "ffn_down.weight", 1536, 576, (block * 7 + 3) % 5 + 1));
      tensors.add(chosen(prefix + "ffn_gate.weight", 576, 1536, block * block % 4));
      tensors.add(chosen(prefix + "ffn_up.weight", 576, 1536, (block * 3 + 1) % 5));
      tensors.add(kept(prefix + "ffn_norm.weight"));
      tensors.add(chosen(prefix + "attn_k.weight", 576, 192, block % 4 + 2));
      tensors.add(chosen(prefix + "attn_output.weight", 576, 576, (block * 5) % 7));
      tensors.add(chosen(prefix + "attn_q.weight", 576, 576, block % 3 + 1));
      tensors.add(chosen(prefix + "attn_v.weight", 576, 192, block % 2 + 6));
    }
    tensors.add(kept("output_norm.weight"));
    tensors.add(kept(HOSTILE));
    return new Outcome(
        Path.of("out", "smollm2-135m-3.9bpw.gguf"),
        Path.of("models", "smollm2-135m-f16.gguf"),
        65_812_480,
        3.912,
        shipped,
        0.02874,
        tensors,
        curve(),
        candidates(),
        verification,
        provenance(),
        times());
  }

  private static Outcome.TensorChoice kept(String name) {
    return new Outcome.TensorChoice(
        name, "576", "F32", 2304, Double.NaN, "never quantized: small and sensitive", List.of());
  }

  private static Outcome.TensorChoice chosen(String name, int columns, int rows, int option) {
    List<Outcome.Alternative> alternatives = new ArrayList<>();
    for (int i = 0; i < MENU.size(); i++) {
      long bytes =
          Math.round(
              NumberFormats.named(MENU.get(i)).layout().bitsPerWeight() * columns * rows / 8);
      alternatives.add(
          new Outcome.Alternative(MENU.get(i), bytes, 0.0021 * Math.pow(0.38, i) * rows / 500));
    }
    Outcome.Alternative choice = alternatives.get(option);
    return new Outcome.TensorChoice(
        name,
        columns + "×" + rows,
        choice.format(),
        choice.bytes(),
        choice.loss(),
        "Q4_K over Q3_K earns 1.7× the price of a byte; Q5_K over Q4_K would earn 0.6× the price of"
            + " a byte",
        alternatives);
  }

  private static List<Outcome.CurvePoint> curve() {
    List<Outcome.CurvePoint> curve = new ArrayList<>();
    for (int i = 0; i <= 900; i++) {
      curve.add(
          new Outcome.CurvePoint(44_000_000 + 110_000L * i, 0.62 * Math.pow(0.9847, i) + 0.0002));
    }
    return curve;
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
