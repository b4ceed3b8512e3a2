package halftone.parts;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A part for some rows of a weight only: what MixLLM (arXiv 2412.14590) needs, whose rows have
/// different widths. Stored as `rows` I32 {rows}, ascending, and the fields of the inner part.
public final class SomeRows implements Part {
  private final int all;
  private final int[] chosen;
  private final Part inner;

  /// @param all how many rows the weight has
  /// @param chosen the row of the weight that each row of `inner` is, ascending
  /// @throws IllegalArgumentException when they are not ascending, outside, or not as many as the
  ///   part's
  public SomeRows(int all, int[] chosen, Part inner) {
    this.all = all;
    this.chosen = chosen.clone();
    this.inner = inner;
    boolean fits = chosen.length == inner.rows();
    for (int i = 0; fits && i < chosen.length; i++) {
      fits = chosen[i] >= (i == 0 ? 0 : chosen[i - 1] + 1) && chosen[i] < all;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "%d places for a part of %d rows; they must ascend within %d"
              .formatted(chosen.length, inner.rows(), all));
    }
  }

  @Override
  public String kind() {
    return "rows";
  }

  @Override
  public int rows() {
    return all;
  }

  @Override
  public int columns() {
    return inner.columns();
  }

  public Part inner() {
    return inner;
  }

  public int count() {
    return chosen.length;
  }

  @Override
  public void add(int from, int count, float[] out, int at) {
    int found = Arrays.binarySearch(chosen, from);
    for (int i = found < 0 ? -found - 1 : found; i < chosen.length; i++) {
      if (chosen[i] >= from + count) {
        return;
      }
      inner.add(i, 1, out, at + (chosen[i] - from) * columns());
    }
  }

  @Override
  public SequencedMap<String, Field> fields() {
    SequencedMap<String, Field> fields = new LinkedHashMap<>();
    fields.put("rows", Field.integers(chosen, chosen.length));
    fields.putAll(inner.fields());
    return fields;
  }
}
