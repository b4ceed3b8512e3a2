package halftone.parts;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A few values, row by row (CSR): what is added to the other parts at these places.
///
/// Stored as `starts` I32 {rows + 1}, `columns` I32 {values} and `values` F16 {values}.
public final class Outliers implements Part {
  private final int rows;
  private final int columns;
  private final int[] starts;
  private final int[] places;
  private final short[] values;

  /// @param starts where each row's values begin, and the number of all
  /// @param places the column of each value
  /// @param values binary16
  /// @throws IllegalArgumentException when lengths do not fit together or a column is outside
  public Outliers(int rows, int columns, int[] starts, int[] places, short[] values) {
    this.rows = rows;
    this.columns = columns;
    this.starts = starts;
    this.places = places;
    this.values = values;
    boolean fits =
        starts.length == rows + 1
            && starts[0] == 0
            && starts[rows] == values.length
            && places.length == values.length;
    for (int r = 0; fits && r < rows; r++) {
      fits = starts[r] <= starts[r + 1];
    }
    for (int place : places) {
      fits &= place >= 0 && place < columns;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "%d starts, %d columns and %d values are no sparse matrix of %d rows of %d"
              .formatted(starts.length, places.length, values.length, rows, columns));
    }
  }

  @Override
  public String kind() {
    return "outliers";
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  public int count() {
    return values.length;
  }

  @Override
  public void add(int from, int count, float[] out, int at) {
    for (int r = 0; r < count; r++) {
      for (int k = starts[from + r]; k < starts[from + r + 1]; k++) {
        out[at + r * columns + places[k]] += Float.float16ToFloat(values[k]);
      }
    }
  }

  @Override
  public SequencedMap<String, Field> fields() {
    SequencedMap<String, Field> fields = new LinkedHashMap<>();
    fields.put("starts", Field.integers(starts, starts.length));
    fields.put("columns", Field.integers(places, places.length));
    fields.put("values", Field.halves(values, values.length));
    return fields;
  }
}
