package halftone.quantizer;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.parts.Composite;
import halftone.parts.GroupCodes;
import org.junit.jupiter.api.Test;

/// Clipping of the card "awq".
class AwqClipTest {
  private static final SmallLayer LAYER = SmallLayer.of(32, 256, 500, 8);
  private static final LayerKnowledge KNOWN = LAYER.knowledge();
  private static final AwqClip CLIP = new AwqClip(64, false);

  private static GroupCodes codes(String name, int bits) {
    return CLIP.codes(name, LAYER.weight(), bits, KNOWN, SmallLayer.WORKERS);
  }

  private static GroupGrid unclipped(int row, int group, int bits) {
    return GroupGrid.minMax(new GroupWeights(LAYER.values(), row * 256 + group * 64, 1, 64), bits);
  }

  private static int clippedGroups(GroupCodes codes, int bits) {
    int clipped = 0;
    for (int row = 0; row < codes.rows(); row++) {
      for (int g = 0; g < 4; g++) {
        clipped += codes.scale(row, g) < unclipped(row, g, bits).scale() ? 1 : 0;
      }
    }
    return clipped;
  }

  /// Of every group on its own, as the inputs see it.
  @Test
  void neverChangesTheOutputsMoreThanNoClippingAndIsUsedAtThreeBits() {
    GroupCodes found = codes("blk.0.ffn_up.weight", 3);
    float[] gram = LAYER.gram();
    float[] decoded = new float[256];
    double clipped = 0;
    double all = 0;
    for (int row = 0; row < 32; row++) {
      java.util.Arrays.fill(decoded, 0);
      found.add(row, 1, decoded, 0);
      for (int g = 0; g < 4; g++) {
        GroupGrid plain = unclipped(row, g, 3);
        double with = 0;
        double without = 0;
        for (int i = g * 64; i < (g + 1) * 64; i++) {
          for (int j = g * 64; j < (g + 1) * 64; j++) {
            with += gram[i * 256 + j] * error(decoded[i], row, i) * error(decoded[j], row, j);
            without += gram[i * 256 + j] * error(plain, row, i) * error(plain, row, j);
          }
        }
        assertThat(with).isLessThanOrEqualTo(without * 1.0001);
        clipped += with;
        all += without;
      }
    }
    assertThat(clipped).isLessThan(.8 * all);
    assertThat(clippedGroups(found, 3)).isGreaterThan(60);
  }

  private static double error(float decoded, int row, int column) {
    return decoded - LAYER.values()[row * 256 + column];
  }

  private static double error(GroupGrid grid, int row, int column) {
    float w = LAYER.values()[row * 256 + column];
    return grid.value(grid.code(w)) - w;
  }

  @Test
  void queriesAndKeysAreNotCut() {
    for (String name : new String[] {"blk.0.attn_q.weight", "blk.3.attn_k.weight"}) {
      assertThat(clippedGroups(codes(name, 3), 3)).isZero();
    }
    assertThat(clippedGroups(codes("blk.0.attn_v.weight", 3), 3)).isPositive();
  }

  @Test
  void feedbackHelpsOnTop() {
    Composite nearest = CLIP.quantize("w", LAYER.weight(), 3, KNOWN, SmallLayer.WORKERS);
    Composite fed =
        new AwqClip(64, true).quantize("w", LAYER.weight(), 3, KNOWN, SmallLayer.WORKERS);
    assertThat(LAYER.loss(fed)).isLessThan(.7 * LAYER.loss(nearest));
  }
}
