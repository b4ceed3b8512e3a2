package halftone.transform;

/// An orthogonal matrix H/√n with H of ±1, and its fast product: n·log₂ n additions and a small
/// dense part.
///
/// n = 2^p · N: H = H_N ⊗ H_{2^p}, the power of two by Sylvester's construction, the base order N
/// by Paley's, with primes q only: I for q = N − 1 ≡ 3 (mod 4), II for q = N/2 − 1 ≡ 1 (mod 4).
/// Where no base order works, the matrix is block diagonal, I ⊗ H_{2^m} with the largest power of
/// two in n ([#blocks] says how many blocks). Paley I matrices are not symmetric.
///
/// Example: 768 = 64 · 12, 12 = Paley II of 5; 576 = 16 · 36; 7 = 7 blocks of one.
public final class Hadamard {
  /// A dense part beyond this would take longer than the products it stands before.
  private static final int LARGEST_BASE = 512;

  private final int size;
  private final int blocks;
  private final int[][] base;
  private final int power;

  private Hadamard(int size, int blocks, int[][] base, int power) {
    this.size = size;
    this.blocks = blocks;
    this.base = base;
    this.power = power;
  }

  /// The matrix of an order.
  public static Hadamard of(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("an order is positive, not " + n);
    }
    int twos = Integer.numberOfTrailingZeros(n);
    int odd = n >> twos;
    if (odd == 1) {
      return new Hadamard(n, 1, new int[][] {{1}}, n);
    }
    for (int j = 2; j <= twos && odd << j <= LARGEST_BASE; j++) {
      int order = odd << j;
      int q = order - 1;
      if (q % 4 == 3 && isPrime(q)) {
        return new Hadamard(n, 1, paleyOne(q), 1 << (twos - j));
      }
      q = order / 2 - 1;
      if (j == 2 && q % 4 == 1 && isPrime(q)) {
        return new Hadamard(n, 1, paleyTwo(q), 1 << (twos - j));
      }
    }
    return new Hadamard(n, odd, new int[][] {{1}}, 1 << twos);
  }

  public int size() {
    return size;
  }

  /// 1, or the number of equal blocks on the diagonal where no matrix of the whole order is known.
  public int blocks() {
    return blocks;
  }

  /// The order of the dense part.
  public int baseOrder() {
    return base.length;
  }

  /// The entry ±1 (or 0 outside the blocks) at a row and a column.
  public int entry(int row, int column) {
    int length = size / blocks;
    if (row / length != column / length) {
      return 0;
    }
    int r = row % length;
    int c = column % length;
    int sylvester = Integer.bitCount(r % power & c % power) % 2 == 0 ? 1 : -1;
    return base[r / power][c / power] * sylvester;
  }

  /// x ← H·x/√n of the values from `x[at]`.
  public void apply(float[] x, int at) {
    product(x, at, false);
  }

  /// x ← Hᵀ·x/√n, the inverse.
  public void applyTransposed(float[] x, int at) {
    product(x, at, true);
  }

  private void product(float[] x, int at, boolean transposed) {
    int length = size / blocks;
    double[] values = new double[length];
    double scale = 1 / Math.sqrt(length);
    for (int from = at; from < at + size; from += length) {
      for (int i = 0; i < length; i++) {
        values[i] = x[from + i];
      }
      for (int part = 0; part < length; part += power) {
        butterflies(values, part);
      }
      double[] mixed = base.length == 1 ? values : mixed(values, transposed);
      for (int i = 0; i < length; i++) {
        x[from + i] = (float) (mixed[i] * scale);
      }
    }
  }

  private void butterflies(double[] values, int from) {
    for (int step = 1; step < power; step *= 2) {
      for (int start = from; start < from + power; start += 2 * step) {
        for (int i = start; i < start + step; i++) {
          double a = values[i];
          double b = values[i + step];
          values[i] = a + b;
          values[i + step] = a - b;
        }
      }
    }
  }

  private double[] mixed(double[] values, boolean transposed) {
    double[] out = new double[values.length];
    for (int r = 0; r < base.length; r++) {
      for (int c = 0; c < base.length; c++) {
        int sign = transposed ? base[c][r] : base[r][c];
        for (int i = 0; i < power; i++) {
          out[r * power + i] += sign * values[c * power + i];
        }
      }
    }
    return out;
  }

  /// I + S, S skew: order q + 1.
  private static int[][] paleyOne(int q) {
    int[][] h = new int[q + 1][q + 1];
    boolean[] squares = squares(q);
    for (int i = 0; i <= q; i++) {
      for (int j = 0; j <= q; j++) {
        int s = i == 0 ? 1 : j == 0 ? -1 : residue(i - j, squares);
        h[i][j] = i == j ? 1 : s;
      }
    }
    return h;
  }

  /// C ⊗ [[1, 1], [1, −1]] + I ⊗ [[1, −1], [−1, −1]], C symmetric: order 2(q + 1).
  private static int[][] paleyTwo(int q) {
    int[][] h = new int[2 * (q + 1)][2 * (q + 1)];
    int[][] off = {{1, 1}, {1, -1}};
    int[][] on = {{1, -1}, {-1, -1}};
    boolean[] squares = squares(q);
    for (int i = 0; i < h.length; i++) {
      for (int j = 0; j < h.length; j++) {
        int row = i / 2;
        int column = j / 2;
        int c = row == 0 || column == 0 ? 1 : residue(row - column, squares);
        h[i][j] = row == column ? on[i % 2][j % 2] : c * off[i % 2][j % 2];
      }
    }
    return h;
  }

  /// 1 for a square modulo the length of `squares`, −1 for a non-square, 0 for 0.
  private static int residue(int value, boolean[] squares) {
    int reduced = Math.floorMod(value, squares.length);
    if (reduced == 0) {
      return 0;
    }
    return squares[reduced] ? 1 : -1;
  }

  private static boolean[] squares(int q) {
    boolean[] squares = new boolean[q];
    for (int i = 1; i <= q / 2; i++) {
      squares[(int) ((long) i * i % q)] = true;
    }
    return squares;
  }

  private static boolean isPrime(int q) {
    for (int divisor = 2; (long) divisor * divisor <= q; divisor++) {
      if (q % divisor == 0) {
        return false;
      }
    }
    return q > 1;
  }
}
