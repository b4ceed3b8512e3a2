package halftone.app.report;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Columns of text that line up. A heading that starts with a space marks a column of numbers, set
/// to the right.
public final class Table {
  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  /// No rows yet.
  public Table(String... headings) {
    this.headings = List.of(headings);
  }

  /// A cell for each heading.
  public void row(String... cells) {
    rows.add(List.of(cells));
  }

  /// Prints headings and rows.
  public void print(PrintStream out) {
    int[] widths = new int[headings.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(headings.get(i).strip());
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    print(out, headings.stream().map(String::strip).toList(), widths);
    rows.forEach(row -> print(out, row, widths));
  }

  private void print(PrintStream out, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String gap = " ".repeat(widths[i] - width(cells.get(i)));
      boolean number = headings.get(i).startsWith(" ");
      line.append(number ? gap + cells.get(i) : cells.get(i) + gap).append("  ");
    }
    out.println(line.toString().stripTrailing());
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
