package halftone.numeric;

/// What Q4_0 and Q5_0 share: weight = d · code, −limit ≤ code < limit, one 16-bit d for 32 weights.
abstract class SymmetricBlock32 extends BlockWeightFormat {
  private final DirectBlock kind;
  private final int limit;

  SymmetricBlock32(DirectBlock kind) {
    super(kind.name(), kind.weights(), kind.bytes());
    this.kind = kind;
    this.limit = kind.limit();
  }

  @Override
  final DirectBlock direct() {
    return kind;
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
    return new AffineRows(this, rows, columns, -limit, limit - 1, false);
  }

  @Override
  final void fitAll(Block[] blocks) {
    if (blocks[0].weighted) {
      for (Block b : blocks) {
        b.weighByImportance(b.rowMeanSquare, 0, 32);
      }
      Groups groups = Groups.of(blocks);
      ScaleTrials.fastest().symmetric(limit, groups);
      groups.scatter(blocks);
    }
    super.fitAll(blocks);
  }

  @Override
  final void fitBlock(Block b) {
    if (b.weighted) {
      b.takeSearched(0, 0, 32, -limit, limit - 1);
    }
    b.step[0] = b.putHalf(0, b.weighted ? b.scales[0] : fitPlain(b));
  }

  /// The weight of largest magnitude becomes exactly −limit · d; d is negative when that weight is
  /// positive.
  private float fitPlain(Block b) {
    float d = Block.signedMax(b.x, 0, 32) / -limit;
    float inverse = d != 0 ? 1 / d : 0;
    for (int i = 0; i < 32; i++) {
      int code = (byte) (int) (b.x[i] * inverse + (limit + 0.5f));
      b.codes[i] = (byte) (Math.min(2 * limit - 1, code) - limit);
    }
    return d;
  }
}
