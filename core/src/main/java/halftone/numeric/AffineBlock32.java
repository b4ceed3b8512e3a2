package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// What Q4_1 and Q5_1 share: weight = d · code + m, 0 ≤ code ≤ maxCode, one 16-bit d and m for 32
/// weights. d16 at 0, m16 at 2.
abstract class AffineBlock32 extends BlockWeightFormat implements IntegerFormat {
  private final int maxCode;
  private final AffineSearch weighted;

  AffineBlock32(String id, int bytes, int maxCode) {
    super(id, 32, bytes);
    this.maxCode = maxCode;
    this.weighted = new AffineSearch(maxCode, -0.9f, 0.05f, 36, false);
  }

  @Override
  final int group() {
    return 32;
  }

  @Override
  final boolean usesRowMeanSquare() {
    return true;
  }

  @Override
  final BlockRows newRows(int rows, int columns) {
    return new AffineRows(this, rows, columns, 0, maxCode, true);
  }

  @Override
  final void fitAll(Block[] blocks) {
    if (blocks[0].weighted) {
      for (Block b : blocks) {
        b.weighByImportance(b.rowMeanSquare, 0, 32);
      }
      Groups groups = Groups.of(blocks);
      ScaleTrials.fastest().affine(weighted, groups);
      groups.scatter(blocks);
    }
    super.fitAll(blocks);
  }

  @Override
  final void fitBlock(Block b) {
    if (b.weighted) {
      b.takeSearched(0, 0, 32, 0, maxCode);
    } else {
      fitPlain(b);
    }
    b.step[0] = b.putHalf(0, b.scales[0]);
    b.offset[0] = b.putHalf(2, b.mins[0]);
  }

  private void fitPlain(Block b) {
    float min = b.x[0];
    float max = b.x[0];
    for (float x : b.x) {
      min = Math.min(min, x);
      max = Math.max(max, x);
    }
    float d = (max - min) / maxCode;
    float inverse = d != 0 ? 1 / d : 0;
    for (int i = 0; i < 32; i++) {
      b.codes[i] = (byte) Math.min(maxCode, (int) ((b.x[i] - min) * inverse + 0.5f));
    }
    b.scales[0] = d;
    b.mins[0] = min;
  }

  /// The code of a weight in a block.
  abstract int code(byte[] block, int weight);

  @Override
  final void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 0);
    float m = Bits.half(b, 2);
    for (int i = 0; i < 32; i++) {
      out[at + i] = d * code(b, i) + m;
    }
  }

  @Override
  public final IntegerCodes integers() {
    return IntegerCodes.affine(32, maxCode, IntegerCodes.Scales.HALF);
  }

  @Override
  public final void read(MemorySegment in, long at, IntegerBlock block) {
    byte[] b = block(in, at);
    block.group(0, Bits.half(b, 0), -Bits.half(b, 2));
    for (int i = 0; i < 32; i++) {
      block.integer(i, code(b, i));
    }
  }
}
