package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What IQ1_S and IQ1_M share (Kawrakow, llama.cpp 2024): blocks of 256 weights, of which each 8
/// are an entry of a codebook of −1, 0 and 1, shifted by ±⅛, and each 16 or 32 have a scale code of
/// three bits. A weight is d · (2s + 1) · (entry + shift).
///
/// Bytes are ggml's. A group that is all zero, or has no importance, in a block that is not gets
/// entry 0 and scale code 0, as there: it decodes to −⅞ d, the smallest scale's own error.
abstract class Iq1Format implements WeightFormat, IntegerFormat {
  private final String id;
  private final BlockLayout layout;

  Iq1Format(String id, int bytes) {
    this.id = id;
    this.layout = new BlockLayout(GridFormat.BLOCK, bytes);
  }

  /// Weights that share a scale code: 16 or 32.
  abstract int group();

  /// Whether each 8 weights have a shift of their own, not each group.
  abstract boolean shiftsByEntry();

  /// Groups whose weights all lie below this are stored as zero.
  abstract float negligible();

  /// The d to store in a block whose codes are settled.
  ///
  /// @param d the largest scale over 15
  /// @param x the block's weights from `x[at]`
  /// @param importance the block's 256 error weights
  abstract float settle(float d, float[] x, int at, float[] importance, Iq1Codes codes, int block);

  /// A new search for the best split of one group.
  abstract TernarySplit newSplit();

  /// Reads the block at byte `at` into block number `block` of `codes`.
  abstract void read(MemorySegment in, long at, Iq1Codes codes, int block);

  /// Writes block number `block` of `codes` to byte `at`, every byte of it.
  abstract void write(Iq1Codes codes, int block, MemorySegment out, long at);

  @Override
  public final int arity() {
    return Iq1Rows.ARITY;
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
    Iq1Codes codes = Iq1Codes.of(GridFormat.BLOCK, group());
    for (long block = 0; block * layout.bytes() < bytes; block++) {
      read(in, offset + block * layout.bytes(), codes, 0);
      decodeBlock(codes, out, at + (int) block * GridFormat.BLOCK);
    }
  }

  private void decodeBlock(Iq1Codes codes, float[] out, int at) {
    float d = Float.float16ToFloat(codes.halves()[0]);
    for (int k = 0; k < GridFormat.BLOCK / 8; k++) {
      float scale = d * (2 * codes.scales()[8 * k / group()] + 1);
      Iq1Points.decode(codes.entries()[k], codes.minus()[k], scale, out, at + 8 * k);
    }
  }

  /// In eighths: −1, 0 and 1, an eighth more or less.
  @Override
  public final IntegerCodes integers() {
    return IntegerCodes.signed(group(), List.of(1, 7, 9), IntegerCodes.Scales.SUPER);
  }

  @Override
  public final void read(MemorySegment in, long at, IntegerBlock block) {
    Iq1Codes codes = Iq1Codes.of(GridFormat.BLOCK, group());
    read(in, at, codes, 0);
    block.supers(Float.float16ToFloat(codes.halves()[0]) / 8, 0);
    for (int g = 0; g < GridFormat.BLOCK / group(); g++) {
      block.codes(g, 2 * codes.scales()[g] + 1, 0);
    }
    for (int i = 0; i < GridFormat.BLOCK; i++) {
      float[] values = Iq1Points.values(codes.minus()[i / 8]);
      block.integer(i, (int) (8 * values[8 * codes.entries()[i / 8] + i % 8]));
    }
  }

  @Override
  public final FittedRows fit(
      float[] weights, int at, int rows, int columns, float @Nullable [] importance) {
    Inputs.check(this, rows, columns, importance);
    GridFormat.checkFinite(this, weights, at, rows, columns);
    Iq1Rows fitted = new Iq1Rows(this, rows, columns);
    Iq1Encoder encoder = new Iq1Encoder(this);
    int blocks = columns / GridFormat.BLOCK;
    for (int block = 0; block < rows * blocks; block++) {
      int column = block % blocks * GridFormat.BLOCK;
      encoder.fit(
          weights, at + block * GridFormat.BLOCK, importance, column, fitted.codes(), block);
    }
    return fitted;
  }
}
