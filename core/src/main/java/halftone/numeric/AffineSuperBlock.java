package halftone.numeric;

/// What Q2_K, Q4_K and Q5_K share: weight = d · scale · code − dmin · min, scale and min small
/// unsigned codes of a group's own, d and dmin 16-bit numbers of 256 weights.
abstract class AffineSuperBlock extends BlockWeightFormat {
  private final int group;
  private final int maxCode;
  private final int maxScale;
  private final int dAt;
  private final int dminAt;

  AffineSuperBlock(
      String id, int bytes, int group, int maxCode, int maxScale, int dAt, int dminAt) {
    super(id, 256, bytes);
    this.group = group;
    this.maxCode = maxCode;
    this.maxScale = maxScale;
    this.dAt = dAt;
    this.dminAt = dminAt;
  }

  @Override
  final int group() {
    return group;
  }

  @Override
  final BlockRows newRows(int rows, int columns) {
    return new AffineRows(this, rows, columns, 0, maxCode, true);
  }

  /// Sets `b.w`.
  abstract void weigh(Block b);

  /// The search for scales and mins, with importance or without.
  abstract AffineSearch search(boolean weighted);

  /// Writes `b.scaleCodes` and `b.minCodes`.
  abstract void putScales(Block b);

  @Override
  final void fitAll(Block[] blocks) {
    for (Block b : blocks) {
      weigh(b);
    }
    Groups groups = Groups.of(blocks);
    ScaleTrials.fastest().affine(search(blocks[0].weighted), groups);
    groups.scatter(blocks);
    super.fitAll(blocks);
  }

  /// The second level, under the scales and mins of the search.
  @Override
  final void fitBlock(Block b) {
    for (int g = 0; g < b.scales.length; g++) {
      b.mins[g] = -b.mins[g];
      b.groupWeights[g] = b.sumOfWeights(g * group, group);
    }
    float d = b.putHalf(dAt, secondLevel(b, b.scales, b.scaleCodes));
    float dmin = b.putHalf(dminAt, secondLevel(b, b.mins, b.minCodes));
    putScales(b);
    for (int g = 0; g < b.scales.length; g++) {
      b.step[g] = d * b.scaleCodes[g];
      b.offset[g] = -(dmin * b.minCodes[g]);
    }
    requantize(b);
  }

  private float secondLevel(Block b, float[] values, byte[] codes) {
    return b.weighted
        ? ScaleSearch.leastSquares(values, maxScale, b.groupWeights, codes)
        : ScaleSearch.byLargest(values, maxScale, codes);
  }

  /// Codes under the scales as stored; a group without one keeps the codes of its search.
  private void requantize(Block b) {
    ScaleTrials.fastest().round(b.x, b.step, b.offset, 0, maxCode, b.codes);
    for (int g = 0; g < b.step.length; g++) {
      if (b.step[g] == 0) {
        b.takeSearched(g, g * group, group, 0, maxCode);
      }
    }
  }
}
