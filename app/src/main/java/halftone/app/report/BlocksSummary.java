package halftone.app.report;

import halftone.recipe.BlockComparison;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Blocks by what rounding them loses, and by what rankings say of them.
public final class BlocksSummary {
  private BlocksSummary() {}

  /// Prints a row a block, then how far each ranking can be believed.
  public static void print(PrintStream out, BlockComparison.Result result) {
    List<String> heads = new ArrayList<>(List.of("block", " measured KL"));
    result.scores().keySet().forEach(ranking -> heads.add(" " + ranking));
    Table table = new Table(heads.toArray(String[]::new));
    for (int block = 0; block < result.measured().length; block++) {
      List<String> cells =
          new ArrayList<>(List.of(String.valueOf(block), Figures.number(result.measured()[block])));
      for (double[] scores : result.scores().values()) {
        cells.add(Figures.number(scores[block]));
      }
      table.row(cells.toArray(String[]::new));
    }
    table.print(out);
    out.println();
    for (String ranking : result.scores().keySet()) {
      double agreement = result.agreement(ranking);
      out.printf(
          Locale.ROOT,
          "%s agrees with the measurement by %.2f (Spearman); both ends above the middle by %+.2f of the places.%n",
          ranking,
          agreement,
          result.ends(ranking));
      if (agreement <= 0) {
        out.printf("  Do not choose bits by %s on this model.%n", ranking);
      }
    }
  }
}
