package halftone.kernel.integer;

import static halftone.kernel.integer.PanelFormat.ROWS;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The product of one panel of weights with a tile of rows in plain loops, operation by operation
/// what [ProductEmitter] emits: both give the same bits.
final class PlainProduct {
  private final PanelFormat format;
  private final MemorySegment panels;
  private final int columns;
  private final int[] codes;
  private final float[] scales = new float[ROWS];
  private final float[] minima = new float[ROWS];
  private final int[] sums = new int[ROWS];
  private final float[] results = new float[QuantizedRows.TILE * ROWS];

  PlainProduct(PanelFormat format, MemorySegment panels, int columns) {
    this.format = format;
    this.panels = panels;
    this.columns = columns;
    this.codes = new int[format.stepColumns() * ROWS];
  }

  /// Results of a tile, row by row of inputs, sixteen each; overwritten by the next.
  ///
  /// @param at where the panel begins
  float[] multiply(long at, QuantizedRows x, int tile) {
    Arrays.fill(results, 0);
    for (int record = 0; record < columns / format.columns(); record++) {
      long header = at + format.headersAt(columns);
      if (format.recordsPerHeader() > 0) {
        header += (long) record / format.recordsPerHeader() * format.headerBytes();
      }
      long from = at + (long) record * format.recordBytes();
      for (int step = 0; step < format.steps(); step++) {
        Arrays.fill(codes, 0);
        format.readCodes(panels, from, step, codes);
        format.readScales(panels, from, header, step, scales, minima);
        int column = record * format.columns() + step * format.stepColumns();
        for (int t = 0; t < x.tileRows(tile); t++) {
          add(x, tile, t, column);
        }
      }
    }
    return results;
  }

  private void add(QuantizedRows x, int tile, int t, int column) {
    int count = x.tileRows(tile);
    int run =
        x.at(tile) + column / QuantizedRows.RUN * QuantizedRows.runBytes(count) / Integer.BYTES;
    Arrays.fill(sums, start(x.words(), run, count, t, column));
    int within = column % QuantizedRows.RUN;
    for (int j = 0; j < format.stepColumns(); j++) {
      int group = QuantizedRows.CODES + (within + j) / PanelFormat.GROUP;
      byte code = (byte) (x.words()[run + group * count + t] >> 8 * (j % PanelFormat.GROUP));
      for (int lane = 0; lane < ROWS; lane++) {
        sums[lane] += codes[j * ROWS + lane] * code;
      }
    }
    float scale = Float.intBitsToFloat(x.words()[run + QuantizedRows.SCALE * count + t]);
    float sum = Float.intBitsToFloat(x.words()[run + format.scaledSumOf(column) * count + t]);
    for (int lane = 0; lane < ROWS; lane++) {
      float result = Math.fma((float) sums[lane], scales[lane] * scale, results[t * ROWS + lane]);
      results[t * ROWS + lane] =
          format.hasMinimum() ? Math.fma(-minima[lane], sum, result) : result;
    }
  }

  private int start(int[] words, int run, int count, int t, int column) {
    if (format.hasMinimum()) {
      return 0;
    }
    return words[run + format.sumOf(column) * count + t] * format.offset();
  }
}
