package halftone.app.report;

import com.grack.nanojson.JsonStringWriter;
import halftone.evaluation.Distribution;
import halftone.evaluation.Estimate;
import halftone.evaluation.Quality;

/// A quality as fields of the object being written; the names are `halftone evaluate`'s.
final class QualityJson {
  private QualityJson() {}

  static void fields(JsonStringWriter json, Quality quality) {
    json.value("n", quality.tokens());
    estimate(json, "ppl", quality.perplexity());
    estimate(json, "ppl_reference", quality.referencePerplexity());
    estimate(json, "ppl_ratio", quality.ratio());
    estimate(json, "ppl_difference", quality.difference());
    estimate(json, "ln_ppl_ratio", quality.logRatio());
    number(json, "correlation", quality.correlation());
    estimate(json, "kl_mean", quality.divergence());
    distribution(json, "kl", quality.divergences());
    estimate(json, "delta_p_mean", quality.probabilityChange());
    distribution(json, "delta_p", quality.probabilityChanges());
    estimate(json, "rms_delta_p", quality.rmsProbabilityChange());
    estimate(json, "same_top", quality.sameTop());
  }

  /// JSON knows no NaN and no infinity: they become null.
  static void number(JsonStringWriter json, String name, double value) {
    if (Double.isFinite(value)) {
      json.value(name, value);
    } else {
      json.nul(name);
    }
  }

  private static void estimate(JsonStringWriter json, String name, Estimate estimate) {
    number(json, name, estimate.value());
    number(json, name + "_se", estimate.error());
  }

  private static void distribution(JsonStringWriter json, String name, Distribution values) {
    number(json, name + "_max", values.maximum());
    number(json, name + "_999", values.p999());
    number(json, name + "_99", values.p99());
    number(json, name + "_95", values.p95());
    number(json, name + "_90", values.p90());
    number(json, name + "_75", values.p75());
    number(json, name + "_median", values.median());
    number(json, name + "_25", values.p25());
    number(json, name + "_10", values.p10());
    number(json, name + "_5", values.p5());
    number(json, name + "_1", values.p1());
    number(json, name + "_01", values.p01());
    number(json, name + "_min", values.minimum());
  }
}
