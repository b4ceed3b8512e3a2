package halftone.quantizer;

import halftone.method.Card;
import halftone.method.Need;
import halftone.parts.Composite;
import halftone.parts.GroupCodes;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// AWQ's clipping and rounding (Lin et al., arXiv 2306.00978, steps B and C), the half of the
/// method behind its scales: the weights of every group are cut at the share of their largest
/// magnitude, 100 to 55 %, that changes the group's part of the outputs least, and become the
/// nearest codes. Queries and keys are not cut.
///
/// The published search sees the outputs of 512 tokens; this one the Gram matrix of all.
///
/// @param group columns that share a scale
/// @param feedback whether GPTQ rounds instead
public record AwqClip(int group, boolean feedback) implements PartsQuantizer {
  private static final int TRIES = 10;
  private static final float STEP = 1 / 20f;
  private static final Pattern NOT_CUT = Pattern.compile(".*attn_(q|k|qkv)\\..*");

  public AwqClip() {
    this(128, false);
  }

  @Override
  public Card card() {
    return new Card(
        "awq-clip",
        "AWQ's clipped groups",
        "arXiv 2306.00978",
        Set.of(Need.CALIBRATION_TEXT, Need.GRAM));
  }

  @Override
  public List<Integer> widths() {
    return List.of(2, 3, 4, 5, 6, 8);
  }

  @Override
  public Composite quantize(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    return Composite.of(weight.shape(), codes(name, weight, bits, known, workers));
  }

  /// The codes, zero points integers of as many bits.
  public GroupCodes codes(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    WholeWeight whole = WholeWeight.of(weight);
    byte[] widths = new byte[Math.ceilDiv(whole.columns(), group)];
    Arrays.fill(widths, (byte) bits);
    GroupGram gram = new GroupGram(known.requireGram(card().id(), name), whole.columns());
    boolean cut = !NOT_CUT.matcher(name).matches();
    GroupSweep.GridChooser chooser =
        (w, row, column, width) ->
            cut ? clipped(w, width, gram, column) : GroupGrid.minMax(w, width);
    GroupSweep sweep =
        feedback
            ? GroupSweep.run(
                whole, group, widths, known.requireFactor(card().id(), name), chooser, workers)
            : GroupSweep.nearest(whole, group, widths, chooser, workers);
    return sweep.packed();
  }

  private static GroupGrid clipped(GroupWeights w, int bits, GroupGram gram, int column) {
    float[] range = GroupGrid.range(w);
    float largest = Math.max(-range[0], range[1]);
    GroupGrid best = GroupGrid.shrunk(range, 1, bits);
    double least = gram.error(best, w, column);
    for (int k = 1; k < TRIES; k++) {
      float limit = largest * (1 - k * STEP);
      float[] cut = {Math.max(range[0], -limit), Math.min(range[1], limit)};
      GroupGrid grid = GroupGrid.shrunk(cut, 1, bits);
      double error = gram.error(grid, w, column);
      if (error < least) {
        least = error;
        best = grid;
      }
    }
    return best;
  }
}
