package halftone.app.report;

import halftone.evaluation.PairedComparison;
import halftone.recipe.Ablation;
import halftone.recipe.Leaderboard;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/// Leaderboards on a terminal, and what each part earned.
public final class LeaderboardText {
  private LeaderboardText() {}

  /// Prints all of them.
  public static void print(PrintStream out, List<Leaderboard> boards) {
    boards.forEach(board -> print(out, board));
    List<Ablation> ablations = boards.stream().map(Ablation::of).flatMap(List::stream).toList();
    if (!ablations.isEmpty()) {
      ablations(out, ablations);
    }
  }

  private static void print(PrintStream out, Leaderboard board) {
    out.printf(
        Locale.ROOT,
        "%s: at most %,d bytes; mean KL divergence in nats, text that no contestant reads%n",
        board.budget().label(),
        board.limit());
    Table table =
        new Table(
            "", "method", " size", " bits", " mean KL", "above the first", " same top", " time");
    int place = 0;
    for (Leaderboard.Standing standing : board.standings()) {
      table.row(
          ++place + "",
          name(standing),
          Figures.bytes(standing.bytes()),
          Figures.number(standing.bitsPerWeight()),
          divergence(standing),
          difference(standing),
          Figures.percent(
              standing.quality().sameTop().value(), standing.quality().sameTop().error()),
          Figures.time(standing.time()));
    }
    table.print(out);
    board.absent().forEach(name -> out.printf("  %s: no file of it fits%n", name));
    out.println();
  }

  private static void ablations(PrintStream out, List<Ablation> ablations) {
    out.println("What a part earns: loss with it over loss without, and its time");
    Table table = new Table("part", "behind", "size", " loss", " time");
    for (Ablation ablation : ablations) {
      table.row(
          ablation.part(),
          ablation.without(),
          ablation.budget().label(),
          "× " + Figures.number(ablation.loss()),
          Figures.time(ablation.time()));
    }
    table.print(out);
  }

  /// With the member of a family that was taken.
  static String name(Leaderboard.Standing standing) {
    return standing.file().startsWith(standing.contestant())
        ? standing.file()
        : standing.contestant() + ": " + standing.file();
  }

  static String divergence(Leaderboard.Standing standing) {
    return Figures.estimate(
        standing.quality().divergence().value(), standing.quality().divergence().error());
  }

  /// With its 95 % interval; empty for the first.
  static String difference(Leaderboard.Standing standing) {
    PairedComparison paired = standing.toFirst();
    if (paired == null) {
      return "";
    }
    double error = (paired.upper() - paired.lower()) / 4;
    return "%s [%s, %s]"
        .formatted(
            Figures.signed(paired.difference(), error),
            Figures.signed(paired.lower(), error),
            Figures.signed(paired.upper(), error));
  }
}
