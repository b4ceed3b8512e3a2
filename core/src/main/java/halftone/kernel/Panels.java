package halftone.kernel;

import static halftone.kernel.MicroKernel.PANEL;

import halftone.workers.Workers;
import java.util.Arrays;

/// Rows of activations, packed once for any number of products: eight rows a panel, and within a
/// panel the eight values of a column together. Rows that are missing in the last panel are zero.
public final class Panels {
  private final float[] packed;
  private final int rows;
  private final int columns;

  private Panels(float[] packed, int rows, int columns) {
    this.packed = packed;
    this.rows = rows;
    this.columns = columns;
  }

  /// Packs `values` {rows × columns, row-major}, each row rounded first; `values` stays as it is.
  public static Panels ofRows(
      float[] values, int rows, int columns, RowRounding rounding, Workers workers) {
    int panels = Math.ceilDiv(rows, PANEL);
    float[] packed = new float[Math.multiplyExact(panels * PANEL, columns)];
    workers.forEach(
        panels,
        panel -> {
          int first = panel * PANEL;
          int count = Math.min(PANEL, rows - first);
          float[] source = values;
          int from = first * columns;
          if (rounding != RowRounding.NONE) {
            source = Arrays.copyOfRange(values, from, from + count * columns);
            from = 0;
            for (int r = 0; r < count; r++) {
              rounding.round(source, r * columns, columns);
            }
          }
          for (int r = 0; r < count; r++) {
            spread(source, from + r * columns, columns, packed, first * columns + r);
          }
        });
    return new Panels(packed, rows, columns);
  }

  /// Packs the columns of `values` {steps × width, row-major} from step `from` as rows of `steps`
  /// values.
  static Panels ofColumns(float[] values, int from, int steps, int width) {
    int panels = Math.ceilDiv(width, PANEL);
    float[] packed = new float[Math.multiplyExact(panels * PANEL, steps)];
    for (int panel = 0; panel < panels; panel++) {
      int count = Math.min(PANEL, width - panel * PANEL);
      for (int k = 0; k < steps; k++) {
        int source = (from + k) * width + panel * PANEL;
        System.arraycopy(values, source, packed, (panel * steps + k) * PANEL, count);
      }
    }
    return new Panels(packed, width, steps);
  }

  /// Writes a row into its place in a panel: `PANEL` apart.
  static void spread(float[] row, int at, int count, float[] packed, int to) {
    for (int k = 0; k < count; k++) {
      packed[to + k * PANEL] = row[at + k];
    }
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  int count() {
    return Math.ceilDiv(rows, PANEL);
  }

  float[] packed() {
    return packed;
  }

  /// Where panel `panel` begins in [#packed].
  int at(int panel) {
    return panel * PANEL * columns;
  }
}
