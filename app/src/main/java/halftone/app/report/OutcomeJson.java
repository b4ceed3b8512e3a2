package halftone.app.report;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import halftone.evaluation.PairedComparison;
import halftone.evaluation.Quality;
import halftone.recipe.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Outcomes as JSON: everything they hold, keys in a fixed order, sizes in bytes, losses in nats,
/// times in seconds. What is unknown, and what JSON cannot say (NaN, infinities), is null.
public final class OutcomeJson {
  private OutcomeJson() {}

  /// An array with one object for each outcome.
  public static String text(List<Outcome> outcomes) {
    JsonStringWriter json = JsonWriter.indent("  ").string().array();
    for (Outcome outcome : outcomes) {
      json.object();
      fields(json, outcome);
      json.end();
    }
    return json.end().done();
  }

  /// One object.
  public static String text(Outcome outcome) {
    JsonStringWriter json = JsonWriter.indent("  ").string().object();
    fields(json, outcome);
    return json.end().done();
  }

  /// Writes one object, in UTF-8, over what is there.
  public static void write(Path path, Outcome outcome) throws IOException {
    Files.writeString(path, text(outcome) + "\n", StandardCharsets.UTF_8);
  }

  private static void fields(JsonStringWriter json, Outcome outcome) {
    json.value("output", outcome.output().toString());
    json.value("model", outcome.model().toString());
    json.value("bytes", outcome.bytes());
    QualityJson.number(json, "bits_per_weight", outcome.bitsPerWeight());
    json.value("shipped", outcome.shipped());
    QualityJson.number(json, "predicted_kl", outcome.predictedKl());
    candidates(json, outcome.candidates());
    verification(json, outcome.verification());
    tensors(json, outcome.tensors());
    curve(json, outcome.curve());
    memory(json, outcome);
    json.object("provenance");
    outcome.provenance().forEach(json::value);
    json.end();
    json.object("seconds");
    outcome.times().forEach((step, time) -> json.value(step, time.toNanos() / 1e9));
    json.end();
  }

  private static void memory(JsonStringWriter json, Outcome outcome) {
    Outcome.Memory memory = outcome.memory();
    if (memory == null) {
      json.nul("memory");
      return;
    }
    json.object("memory")
        .value("allowed", memory.budget().memory())
        .value("total", memory.total(outcome.bytes()))
        .value("context", memory.budget().context())
        .value("cache", memory.budget().cache().id())
        .value("cache_bytes", memory.beside().cache())
        .value("buffer_bytes", memory.beside().buffers())
        .value("scratch_bytes", memory.beside().scratch())
        .end();
  }

  private static void candidates(JsonStringWriter json, List<Outcome.Candidate> candidates) {
    json.array("candidates");
    for (Outcome.Candidate candidate : candidates) {
      json.object()
          .value("name", candidate.name())
          .value("ours", candidate.ours())
          .value("bytes", candidate.bytes());
      QualityJson.number(json, "kl_predicted", candidate.predictedKl());
      QualityJson.number(json, "kl_mean", candidate.kl());
      QualityJson.number(json, "kl_mean_se", candidate.klError());
      json.end();
    }
    json.end();
  }

  private static void verification(
      JsonStringWriter json, Outcome.@Nullable Verification verification) {
    if (verification == null) {
      json.nul("verification");
      return;
    }
    json.object("verification");
    quality(json, "ours", verification.ours());
    String rival = verification.rival();
    if (rival == null) {
      json.nul("rival").nul("rival_bytes");
    } else {
      json.value("rival", rival).value("rival_bytes", verification.rivalBytes());
    }
    quality(json, "rival_quality", verification.rivalQuality());
    paired(json, verification.paired());
    json.object("kinds");
    verification.kinds().forEach((kind, quality) -> quality(json, kind, quality));
    json.end().end();
  }

  private static void quality(JsonStringWriter json, String name, @Nullable Quality quality) {
    if (quality == null) {
      json.nul(name);
      return;
    }
    json.object(name);
    QualityJson.fields(json, quality);
    json.end();
  }

  private static void paired(JsonStringWriter json, @Nullable PairedComparison paired) {
    if (paired == null) {
      json.nul("paired");
      return;
    }
    json.object("paired");
    QualityJson.number(json, "kl_difference", paired.difference());
    QualityJson.number(json, "lower", paired.lower());
    QualityJson.number(json, "upper", paired.upper());
    QualityJson.number(json, "t", paired.t());
    QualityJson.number(json, "p", paired.pValue());
    json.value("chunks", paired.chunks()).end();
  }

  private static void tensors(JsonStringWriter json, List<Outcome.TensorChoice> tensors) {
    json.array("tensors");
    for (Outcome.TensorChoice tensor : tensors) {
      json.object()
          .value("name", tensor.name())
          .value("shape", tensor.shape())
          .value("format", tensor.format())
          .value("bytes", tensor.bytes());
      QualityJson.number(json, "loss", tensor.loss());
      json.value("reason", tensor.reason()).array("alternatives");
      for (Outcome.Alternative alternative : tensor.alternatives()) {
        json.object().value("format", alternative.format()).value("bytes", alternative.bytes());
        QualityJson.number(json, "loss", alternative.loss());
        json.end();
      }
      json.end().end();
    }
    json.end();
  }

  private static void curve(JsonStringWriter json, List<Outcome.CurvePoint> curve) {
    json.array("curve");
    for (Outcome.CurvePoint point : curve) {
      json.object().value("bytes", point.bytes());
      QualityJson.number(json, "loss", point.loss());
      QualityJson.number(json, "bits_per_weight", point.bitsPerWeight());
      json.array("changes");
      for (Outcome.Change change : point.changes()) {
        json.array().value(change.tensor()).value(change.alternative()).end();
      }
      json.end().end();
    }
    json.end();
  }
}
