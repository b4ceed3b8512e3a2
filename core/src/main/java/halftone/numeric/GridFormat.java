package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// A grid type of GGML (Kawrakow, llama.cpp 2024): blocks of 256 weights, of which each 4 or 8 are
/// an entry of a codebook of magnitudes, with signs and 16 or 32 weights to a scale of four bits.
///
/// A member names its shape and encoder and says where a block's bits lie.
abstract class GridFormat implements WeightFormat, IntegerFormat {
  /// Weights in a block.
  static final int BLOCK = 256;

  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// 65504 · 31 · 15, of IQ3_S, rounded up to a power of two.
  private static final float LARGEST = 0x1p25f;

  private final String id;
  private final BlockLayout layout;
  private final GridShape shape;
  private final GridTrials trials;
  private final Lazily<byte[]> points;
  private final Lazily<GridNeighbours> neighbours;
  private final Lazily<GridCells> cells;

  GridFormat(String id, int bytes, GridShape shape, GridTrials trials) {
    this.id = id;
    this.layout = new BlockLayout(BLOCK, bytes);
    this.shape = shape;
    this.trials = trials;
    this.points = new Lazily<>(shape.codebook()::readPoints);
    this.neighbours = new Lazily<>(() -> GridNeighbours.of(shape.codebook(), trials.distances()));
    this.cells = new Lazily<>(() -> GridCells.of(shape.codebook()));
  }

  /// Reads the block at byte `at` into block number `block` of `codes`.
  abstract void read(MemorySegment in, long at, GridCodes codes, int block);

  /// Writes block number `block` of `codes` to byte `at`, every byte of it.
  abstract void write(GridCodes codes, int block, MemorySegment out, long at);

  final GridShape shape() {
    return shape;
  }

  final GridTrials trials() {
    return trials;
  }

  final GridNeighbours neighbours() {
    return neighbours.get();
  }

  final GridCells cells() {
    return cells.get();
  }

  @Override
  public final int arity() {
    return shape.evenSigns() ? 8 : shape.codebook().arity();
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final BlockLayout layout() {
    return layout;
  }

  @Override
  public final void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    long bytes = layout.bytesOf(count);
    GridCodes codes = GridCodes.of(BLOCK, shape);
    byte[] table = points.get();
    for (long block = 0; block * layout.bytes() < bytes; block++) {
      read(in, offset + block * layout.bytes(), codes, 0);
      decodeBlock(codes, table, out, at + (int) block * BLOCK);
    }
  }

  private void decodeBlock(GridCodes codes, byte[] points, float[] out, int at) {
    int arity = shape.codebook().arity();
    float d = Float.float16ToFloat(codes.halves()[0]) * shape.unit();
    for (int i = 0; i < BLOCK; i += arity) {
      float scale = d * (2 * codes.scales()[i / shape.group()] + 1);
      int point = codes.entries()[i / arity] * arity;
      int signs = codes.signs()[i >> 3] >> (i & 7);
      for (int j = 0; j < arity; j++) {
        float value = scale * points[point + j];
        out[at + i + j] = (signs >> j & 1) == 0 ? value : -value;
      }
    }
  }

  @Override
  public final IntegerCodes integers() {
    return IntegerCodes.signed(
        shape.group(), shape.codebook().magnitudes(), IntegerCodes.Scales.SUPER);
  }

  @Override
  public final void read(MemorySegment in, long at, IntegerBlock block) {
    GridCodes codes = GridCodes.of(BLOCK, shape);
    read(in, at, codes, 0);
    block.supers(Float.float16ToFloat(codes.halves()[0]) * shape.unit(), 0);
    for (int g = 0; g < BLOCK / shape.group(); g++) {
      block.codes(g, 2 * codes.scales()[g] + 1, 0);
    }
    byte[] table = points.get();
    int arity = shape.codebook().arity();
    for (int i = 0; i < BLOCK; i++) {
      int point = table[codes.entries()[i / arity] * arity + i % arity];
      block.integer(i, (codes.signs()[i >> 3] >> (i & 7) & 1) == 0 ? point : -point);
    }
  }

  @Override
  public final FittedRows fit(
      float[] weights, int at, int rows, int columns, float @Nullable [] importance) {
    Inputs.check(this, rows, columns, importance);
    checkFinite(this, weights, at, rows, columns);
    GridRows fitted = new GridRows(this, rows, columns);
    GridEncoder encoder = new GridEncoder(this);
    int blocks = columns / BLOCK;
    for (int block = 0; block < rows * blocks; block++) {
      encoder.fit(
          weights, at + block * BLOCK, importance, block % blocks * BLOCK, fitted.codes(), block);
    }
    return fitted;
  }

  /// NaN, infinities, and magnitudes beyond the largest that any grid format's scales reach: what
  /// lies between that and a format's own limit is refused when its scale overflows.
  static void checkFinite(NumberFormat format, float[] weights, int at, int rows, int columns) {
    for (int i = 0; i < rows * columns; i++) {
      float weight = weights[at + i];
      if (!(Math.abs(weight) <= LARGEST)) {
        throw Inputs.unfit(format, weight, i / columns, i % columns);
      }
    }
  }
}
