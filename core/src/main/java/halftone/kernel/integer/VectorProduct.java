package halftone.kernel.integer;

import static halftone.kernel.integer.PanelFormat.ROWS;
import static halftone.kernel.integer.QuantizedRows.TILE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The product of one panel of weights with all rows of inputs where there is no machine code: for
/// any CPU, by the Vector API, bit for bit what [ProductEmitter] emits.
///
/// Codes are multiplied and added up as floats, which is exact: the sum of a step stays below 2²⁴.
/// A step's codes are taken apart once for all rows.
final class VectorProduct {
  private static final VectorSpecies<Float> LANES =
      FloatVector.SPECIES_PREFERRED.length() > ROWS
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;
  private static final int L = LANES.length();

  private final PanelFormat format;
  private final MemorySegment panels;
  private final QuantizedRows x;
  private final int[] codes;
  private final float[] weights;
  private final float[] scales = new float[ROWS];
  private final float[] minima = new float[ROWS];
  private final float[] sums = new float[TILE * ROWS];
  private final float[] results;

  VectorProduct(PanelFormat format, MemorySegment panels, QuantizedRows x) {
    this.format = format;
    this.panels = panels;
    this.x = x;
    this.codes = new int[format.stepColumns() * ROWS];
    this.weights = new float[codes.length];
    this.results = new float[x.tiles() * TILE * ROWS];
  }

  /// Results row by row of inputs, sixteen each; overwritten by the next.
  ///
  /// @param at where the panel begins
  float[] multiply(long at) {
    Arrays.fill(results, 0);
    for (int record = 0; record < x.columns() / format.columns(); record++) {
      long header = at + format.headersAt(x.columns());
      if (format.recordsPerHeader() > 0) {
        header += (long) record / format.recordsPerHeader() * format.headerBytes();
      }
      long from = at + (long) record * format.recordBytes();
      for (int step = 0; step < format.steps(); step++) {
        take(from, header, step);
        int column = record * format.columns() + step * format.stepColumns();
        for (int tile = 0; tile < x.tiles(); tile++) {
          int inputs = (tile * x.columns() + column) * TILE;
          for (int lane = 0; lane < ROWS; lane += L) {
            add(weights, lane, x.codes(), inputs, format.stepColumns(), sums);
          }
          scale(tile, column);
        }
      }
    }
    return results;
  }

  private void take(long from, long header, int step) {
    Arrays.fill(codes, 0);
    format.readCodes(panels, from, step, codes);
    format.readScales(panels, from, header, step, scales, minima);
    for (int i = 0; i < codes.length; i++) {
      weights[i] = codes[i];
    }
  }

  /// Sums of some lanes for the eight rows of a tile. Written out: the compiler keeps no array of
  /// vectors in registers.
  ///
  /// @param weights {columns × 16}
  /// @param inputs {columns × 8}, from `at` on
  private static void add(
      float[] weights, int lane, float[] inputs, int at, int columns, float[] sums) {
    FloatVector a = FloatVector.zero(LANES);
    FloatVector b = FloatVector.zero(LANES);
    FloatVector c = FloatVector.zero(LANES);
    FloatVector d = FloatVector.zero(LANES);
    FloatVector e = FloatVector.zero(LANES);
    FloatVector f = FloatVector.zero(LANES);
    FloatVector g = FloatVector.zero(LANES);
    FloatVector h = FloatVector.zero(LANES);
    for (int j = 0; j < columns; j++) {
      FloatVector w = FloatVector.fromArray(LANES, weights, j * ROWS + lane);
      int from = at + j * TILE;
      a = w.fma(FloatVector.broadcast(LANES, inputs[from]), a);
      b = w.fma(FloatVector.broadcast(LANES, inputs[from + 1]), b);
      c = w.fma(FloatVector.broadcast(LANES, inputs[from + 2]), c);
      d = w.fma(FloatVector.broadcast(LANES, inputs[from + 3]), d);
      e = w.fma(FloatVector.broadcast(LANES, inputs[from + 4]), e);
      f = w.fma(FloatVector.broadcast(LANES, inputs[from + 5]), f);
      g = w.fma(FloatVector.broadcast(LANES, inputs[from + 6]), g);
      h = w.fma(FloatVector.broadcast(LANES, inputs[from + 7]), h);
    }
    a.intoArray(sums, lane);
    b.intoArray(sums, lane + ROWS);
    c.intoArray(sums, lane + 2 * ROWS);
    d.intoArray(sums, lane + 3 * ROWS);
    e.intoArray(sums, lane + 4 * ROWS);
    f.intoArray(sums, lane + 5 * ROWS);
    g.intoArray(sums, lane + 6 * ROWS);
    h.intoArray(sums, lane + 7 * ROWS);
  }

  /// Adds a step's sums to the results, times both scales.
  private void scale(int tile, int column) {
    int count = x.tileRows(tile);
    int run =
        x.at(tile) + column / QuantizedRows.RUN * QuantizedRows.runBytes(count) / Integer.BYTES;
    for (int t = 0; t < count; t++) {
      float offset =
          format.hasMinimum()
              ? 0
              : x.words()[run + format.sumOf(column) * count + t] * format.offset();
      float scale = Float.intBitsToFloat(x.words()[run + QuantizedRows.SCALE * count + t]);
      float sum = Float.intBitsToFloat(x.words()[run + format.scaledSumOf(column) * count + t]);
      int to = (tile * TILE + t) * ROWS;
      for (int lane = 0; lane < ROWS; lane += L) {
        FloatVector result =
            FloatVector.fromArray(LANES, sums, t * ROWS + lane)
                .add(offset)
                .fma(
                    FloatVector.fromArray(LANES, scales, lane).mul(scale),
                    FloatVector.fromArray(LANES, results, to + lane));
        if (format.hasMinimum()) {
          result =
              FloatVector.fromArray(LANES, minima, lane)
                  .neg()
                  .fma(FloatVector.broadcast(LANES, sum), result);
        }
        result.intoArray(results, to + lane);
      }
    }
  }
}
