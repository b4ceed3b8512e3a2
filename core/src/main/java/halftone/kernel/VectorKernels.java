package halftone.kernel;

import static halftone.kernel.MicroKernel.L;
import static halftone.kernel.MicroKernel.LANES;
import static halftone.kernel.MicroKernel.PANEL;
import static halftone.kernel.MicroKernel.STRIP;
import static halftone.kernel.MicroKernel.SUMS;

import halftone.tensor.Shape;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Matrix products in float32, vectorized and spread over workers; bit for bit what [ScalarKernels]
/// gives. Matrices are row-major.
public final class VectorKernels {
  /// Floats of the weight rows, or matrix columns, of one piece of work: 400 kB, which fits an L2
  /// cache of 1 MB. The more rows a piece has, the less often the activations are fetched.
  private static final int PIECE = 100_000;

  /// Keeps rows of 2ⁿ values from falling into the same sets of the cache while they are
  /// transposed.
  private static final int PADDING = 16;

  private VectorKernels() {}

  /// C\[m×n\] = X\[m×k\] · W\[n×k\]ᵀ: rows of activations through a linear layer. Every weight row
  /// is decoded once.
  ///
  /// @param out at least m × n floats, overwritten
  public static void multiply(Panels x, Weight weight, float[] out, Workers workers) {
    int n = Math.toIntExact(weight.shape().rows());
    int k = weight.shape().columns();
    if (k != x.columns() || out.length < Math.multiplyExact(x.rows(), n)) {
      throw new IllegalArgumentException(
          "%d rows of %d do not go through %s into %d values"
              .formatted(x.rows(), x.columns(), weight.shape(), out.length));
    }
    int pieceRows = pieceRows(k);
    workers.forEach(
        Math.ceilDiv(n, pieceRows),
        piece -> {
          int first = piece * pieceRows;
          int rows = Math.min(pieceRows, n - first);
          float[] decoded = new float[rows * (k + PADDING)];
          for (int r = 0; r < rows; r++) {
            weight.rows(first + r, 1, decoded, r * (k + PADDING));
          }
          try (Arena arena = Arena.ofConfined()) {
            Strips strips = new Strips(arena, rows, k);
            strips.packRows(decoded, 0, k + PADDING);
            multiply(x, strips, out, first, n);
          }
        });
  }

  /// Bytes that each thread takes while it multiplies with a weight of this shape.
  public static long scratchBytes(Shape weight) {
    int k = weight.columns();
    long rows = Math.min(pieceRows(k), weight.rows());
    long strips = Math.ceilDiv(rows, (long) STRIP) * STRIP;
    return (rows * (k + PADDING) + strips * k) * Float.BYTES;
  }

  /// A multiple of 32, the widest strip: 128 for rows of 768, 64 for 1536.
  private static int pieceRows(int k) {
    return Math.clamp(PIECE / (32L * Math.max(1, k)), 1, 4) * 32;
  }

  /// C\[m×n\] = A\[m×k\] · B\[n×k\]ᵀ.
  public static float[] multiplyTransposed(
      float[] a, float[] b, int m, int n, int k, Workers workers) {
    Panels x = Panels.ofRows(a, m, k, RowRounding.NONE, workers);
    float[] c = new float[Math.multiplyExact(m, n)];
    int pieceRows = pieceRows(k);
    workers.forEach(
        Math.ceilDiv(n, pieceRows),
        piece -> {
          try (Arena arena = Arena.ofConfined()) {
            int first = piece * pieceRows;
            Strips strips = new Strips(arena, Math.min(pieceRows, n - first), k);
            strips.packRows(b, first * k, k);
            multiply(x, strips, c, first, n);
          }
        });
    return c;
  }

  /// C\[m×n\] = A\[m×k\] · B\[k×n\].
  public static float[] multiply(float[] a, float[] b, int m, int n, int k, Workers workers) {
    Panels x = Panels.ofRows(a, m, k, RowRounding.NONE, workers);
    float[] c = new float[Math.multiplyExact(m, n)];
    int pieceRows = pieceRows(k);
    workers.forEach(
        Math.ceilDiv(n, pieceRows),
        piece -> {
          try (Arena arena = Arena.ofConfined()) {
            int first = piece * pieceRows;
            Strips strips = new Strips(arena, Math.min(pieceRows, n - first), k);
            strips.packColumns(b, 0, n, first);
            multiply(x, strips, c, first, n);
          }
        });
    return c;
  }

  /// G\[d×d\] += XᵀX, X\[t×d\]: the lower half is computed, then mirrored. Chunks of
  /// [ScalarKernels#CHUNK] rows are summed in float32 and added in float64, so G is the same for
  /// any cut of the rows at multiples of that.
  public static void gram(float[] x, int t, int d, double[] g, Workers workers) {
    cross(x, x, t, d, d, g, true, workers);
    workers.forEach(
        d,
        i -> {
          for (int j = i + 1; j < d; j++) {
            g[i * d + j] = g[j * d + i];
          }
        });
  }

  /// C\[p×q\] += X\[t×p\]ᵀ · Y\[t×q\], summed as [#gram] does.
  public static void cross(float[] x, float[] y, int t, int p, int q, double[] c, Workers workers) {
    cross(x, y, t, p, q, c, false, workers);
  }

  private static void cross(
      float[] x, float[] y, int t, int p, int q, double[] c, boolean lower, Workers workers) {
    for (int from = 0; from < t; from += ScalarKernels.CHUNK) {
      int start = from;
      int steps = Math.min(ScalarKernels.CHUNK, t - from);
      Panels panels = Panels.ofColumns(x, start, steps, p);
      workers.forEach(
          Math.ceilDiv(q, STRIP),
          strip -> crossStrip(panels, y, start, steps, q, strip * STRIP, c, lower));
    }
  }

  /// Columns `first …` of one chunk; of a lower triangle only the panels that reach it.
  private static void crossStrip(
      Panels x, float[] y, int from, int steps, int q, int first, double[] c, boolean lower) {
    int width = Math.min(STRIP, q - first);
    float[] sums = new float[SUMS];
    try (Arena arena = Arena.ofConfined()) {
      Strips strip = new Strips(arena, width, steps);
      strip.packColumns(y, from, q, first);
      for (int panel = lower ? first / PANEL : 0; panel < x.count(); panel++) {
        Arrays.fill(sums, 0);
        MicroKernel.chunk(strip.memory(), 0, x.packed(), x.at(panel), steps, sums, 0);
        int rows = Math.min(PANEL, x.rows() - panel * PANEL);
        for (int r = 0; r < rows; r++) {
          int to = (panel * PANEL + r) * q + first;
          for (int lane = 0; lane < width; lane++) {
            c[to + lane] += sums[r * STRIP + lane];
          }
        }
      }
    }
  }

  /// All panels times some strips, into columns `firstColumn …` of `out`, whose rows are `width`
  /// long.
  private static void multiply(Panels x, Strips strips, float[] out, int firstColumn, int width) {
    float[] sums = new float[SUMS];
    for (int panel = 0; panel < x.count(); panel++) {
      int rows = Math.min(PANEL, x.rows() - panel * PANEL);
      for (int strip = 0; strip < strips.count(); strip++) {
        Arrays.fill(sums, 0);
        MicroKernel.multiply(
            strips.memory(), strips.at(strip), x.packed(), x.at(panel), x.columns(), sums, 0);
        int column = firstColumn + strip * STRIP;
        int count = Math.min(STRIP, strips.lanes() - strip * STRIP);
        for (int r = 0; r < rows; r++) {
          copy(sums, r * STRIP, out, (panel * PANEL + r) * width + column, count);
        }
      }
    }
  }

  private static void copy(float[] sums, int from, float[] out, int to, int count) {
    if (count == STRIP) {
      FloatVector.fromArray(LANES, sums, from).intoArray(out, to);
      FloatVector.fromArray(LANES, sums, from + L).intoArray(out, to + L);
    } else {
      System.arraycopy(sums, from, out, to, count);
    }
  }
}
