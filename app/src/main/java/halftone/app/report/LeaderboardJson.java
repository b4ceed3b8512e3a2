package halftone.app.report;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import halftone.evaluation.PairedComparison;
import halftone.recipe.Ablation;
import halftone.recipe.Leaderboard;
import java.util.List;

/// Leaderboards as JSON: sizes in bytes, losses in nats, times in seconds.
public final class LeaderboardJson {
  private LeaderboardJson() {}

  /// An object with the boards and what each part earned.
  public static String text(List<Leaderboard> boards) {
    JsonStringWriter json = JsonWriter.indent("  ").string().object().array("boards");
    boards.forEach(board -> board(json, board));
    json.end().array("ablations");
    boards.stream().map(Ablation::of).flatMap(List::stream).forEach(part -> ablation(json, part));
    return json.end().end().done();
  }

  private static void board(JsonStringWriter json, Leaderboard board) {
    json.object().value("budget", board.budget().label()).value("limit", board.limit());
    json.array("standings");
    for (Leaderboard.Standing standing : board.standings()) {
      json.object()
          .value("method", standing.contestant())
          .value("file", standing.file())
          .value("bytes", standing.bytes());
      QualityJson.number(json, "bits_per_weight", standing.bitsPerWeight());
      QualityJson.number(json, "predicted", standing.predicted());
      QualityJson.fields(json, standing.quality());
      PairedComparison paired = standing.toFirst();
      if (paired == null) {
        json.nul("above_first");
      } else {
        json.object("above_first");
        QualityJson.number(json, "kl_difference", paired.difference());
        QualityJson.number(json, "lower", paired.lower());
        QualityJson.number(json, "upper", paired.upper());
        QualityJson.number(json, "p", paired.pValue());
        json.end();
      }
      json.value("seconds", standing.time().toNanos() / 1e9).end();
    }
    json.end().array("absent");
    board.absent().forEach(json::value);
    json.end().end();
  }

  private static void ablation(JsonStringWriter json, Ablation part) {
    json.object()
        .value("part", part.part())
        .value("behind", part.without())
        .value("budget", part.budget().label());
    QualityJson.number(json, "loss_ratio", part.loss());
    json.value("seconds", part.time().toNanos() / 1e9).end();
  }
}
