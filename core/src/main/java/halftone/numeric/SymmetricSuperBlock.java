package halftone.numeric;

/// What Q3_K and Q6_K share: weight = d · scale · code, sixteen groups of 16 with a signed scale of
/// their own, one 16-bit d for 256 weights; codes are settled last, under the scales as stored.
abstract class SymmetricSuperBlock extends BlockWeightFormat {
  private final int limit;

  SymmetricSuperBlock(String id, int bytes, int limit) {
    super(id, 256, bytes);
    this.limit = limit;
  }

  @Override
  final int group() {
    return 16;
  }

  @Override
  final BlockRows newRows(int rows, int columns) {
    return new AffineRows(this, rows, columns, -limit, limit - 1, false);
  }

  /// Scales and codes of all groups under the weights `w` of its blocks.
  final void search(Block[] blocks) {
    Groups groups = Groups.of(blocks);
    ScaleTrials.fastest().symmetric(limit, groups);
    groups.scatter(blocks);
  }

  /// Codes under the scale as stored; a group without one keeps those it has.
  ///
  /// @param searched whether those are of the search
  final void requantize(Block b, float d, boolean searched) {
    boolean isWhole = true;
    for (int g = 0; g < 16; g++) {
      b.step[g] = d * b.scaleCodes[g];
      isWhole &= b.step[g] != 0;
    }
    byte[] codes = isWhole ? b.codes : b.codes.clone();
    ScaleTrials.fastest().round(b.x, b.step, b.offset, -limit, limit - 1, codes);
    for (int g = 0; !isWhole && g < 16; g++) {
      if (b.step[g] != 0) {
        System.arraycopy(codes, 16 * g, b.codes, 16 * g, 16);
      } else if (searched) {
        b.takeSearched(g, 16 * g, 16, -limit, limit - 1);
      }
    }
  }
}
