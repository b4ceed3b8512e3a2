package halftone.numeric;

import java.util.Arrays;

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
    float[] steps = b.scratch;
    for (int g = 0; g < 16; g++) {
      b.step[g] = d * b.scaleCodes[g];
      Arrays.fill(steps, 16 * g, 16 * (g + 1), b.step[g]);
    }
    round(b.x, steps, -limit, limit - 1, steps);
    for (int g = 0; g < 16; g++) {
      if (b.step[g] != 0) {
        for (int i = 16 * g; i < 16 * (g + 1); i++) {
          b.codes[i] = (byte) steps[i];
        }
      } else if (searched) {
        b.takeSearched(g, 16 * g, 16, -limit, limit - 1);
      }
    }
  }

  /// Sets `codes` to the nearest integers to x / step between two others.
  private static void round(float[] x, float[] step, float least, float most, float[] codes) {
    for (int i = 0; i < x.length; i++) {
      float code = Math.min(Math.max(x[i] / step[i], least), most);
      codes[i] = (code + Bits.MAGIC) - Bits.MAGIC;
    }
  }
}
