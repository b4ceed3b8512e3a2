package halftone.transform;

import halftone.numeric.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/// What weights are going to be rounded to, as a transform that searches tries it out.
public sealed interface Grid {
  /// Rounds `rows` rows of `columns` weights, row-major, in place.
  void round(float[] weights, int rows, int columns);

  /// A number format, scales by its own encoder without importance.
  record Format(WeightFormat format) implements Grid {
    @Override
    public String toString() {
      return format.id().toLowerCase(Locale.ROOT);
    }

    @Override
    public void round(float[] weights, int rows, int columns) {
      MemorySegment bytes =
          MemorySegment.ofArray(new byte[(int) (rows * format.layout().bytesOf(columns))]);
      format.encode(weights, 0, rows, columns, null, bytes, 0);
      format.decode(bytes, 0, weights, 0, rows * columns);
    }
  }

  /// AWQ's own: 2^bits steps from the smallest to the largest weight of each run of `group`
  /// columns, with an integer zero point. The last group of a row may be shorter.
  record MinMax(int bits, int group) implements Grid {
    private static final float NARROWEST = 1e-5f;

    @Override
    public String toString() {
      return "int%d-g%d".formatted(bits, group);
    }

    @Override
    public void round(float[] weights, int rows, int columns) {
      for (int row = 0; row < rows; row++) {
        for (int from = 0; from < columns; from += group) {
          roundGroup(weights, row * columns + from, Math.min(group, columns - from));
        }
      }
    }

    private void roundGroup(float[] weights, int at, int count) {
      float least = Float.POSITIVE_INFINITY;
      float most = Float.NEGATIVE_INFINITY;
      for (int i = at; i < at + count; i++) {
        least = Math.min(least, weights[i]);
        most = Math.max(most, weights[i]);
      }
      int levels = (1 << bits) - 1;
      float scale = Math.max(most - least, NARROWEST) / levels;
      double zero = Math.clamp(-Math.rint(least / scale), 0, levels);
      for (int i = at; i < at + count; i++) {
        double code = Math.clamp(Math.rint(weights[i] / scale) + zero, 0, levels);
        weights[i] = (float) ((code - zero) * scale);
      }
    }
  }

  /// Reads `int4-g128` or the name of a format.
  ///
  /// @throws IllegalArgumentException for another text, or a format that cannot be written
  static Grid parse(String text) {
    java.util.regex.Matcher minMax =
        java.util.regex.Pattern.compile("int([1-8])-g(\\d{1,6})").matcher(text);
    if (minMax.matches()) {
      return new MinMax(Integer.parseInt(minMax.group(1)), Integer.parseInt(minMax.group(2)));
    }
    if (halftone.numeric.NumberFormats.named(text.toUpperCase(Locale.ROOT))
        instanceof WeightFormat format) {
      return new Format(format);
    }
    throw new IllegalArgumentException(text + " can be read but not written");
  }
}
