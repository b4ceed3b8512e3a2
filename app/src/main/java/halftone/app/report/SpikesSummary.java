package halftone.app.report;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.Map;

/// Layers by how far single tokens stick out of their inputs.
public final class SpikesSummary {
  private SpikesSummary() {}

  /// @param ratios by weight
  /// @param spiking how many lie above the cut
  /// @param top how many to show
  public static void print(
      PrintStream out, Map<String, Double> ratios, int spiking, double cut, int top) {
    Table table = new Table("layer", "largest ÷ median token");
    ratios.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(top)
        .forEach(entry -> table.row(entry.getKey(), Figures.number(entry.getValue())));
    table.print(out);
    out.printf("%d of %d layers spike (above %.0f).%n", spiking, ratios.size(), cut);
  }
}
