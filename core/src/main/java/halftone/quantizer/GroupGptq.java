package halftone.quantizer;

import halftone.method.Card;
import halftone.method.Need;
import halftone.parts.Composite;
import halftone.parts.GroupCodes;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// GPTQ as published, onto integers in groups with an integer zero point ([GroupSweep]). [Gptq] is
/// the same onto the grids of number formats.
///
/// @param group columns that share a scale
/// @param actOrder columns with large inputs first; grids are then those of the original weights
/// @param search whether a grid's range is searched (Σ |e|^2.4) or taken from extreme weights
/// @param symmetric whether ranges are symmetric around 0, the zero point in the middle of the
///   codes
/// @param damping share of the Gram diagonal's mean that is added to it
public record GroupGptq(
    int group, boolean actOrder, boolean search, boolean symmetric, double damping)
    implements PartsQuantizer {
  /// Of the paper.
  public static final double DAMPING = 0.01;

  public GroupGptq() {
    this(64, false, true, false, DAMPING);
  }

  @Override
  public Card card() {
    return new Card(
        "gptq-groups",
        "GPTQ onto integers in groups",
        "arXiv 2210.17323",
        Set.of(Need.CALIBRATION_TEXT, Need.GRAM));
  }

  @Override
  public List<Integer> widths() {
    return List.of(2, 3, 4, 5, 6, 8);
  }

  /// The codes of a weight whose groups all have the same width.
  public GroupCodes codes(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    WholeWeight whole = WholeWeight.of(weight);
    byte[] widths = new byte[Math.ceilDiv(whole.columns(), group)];
    Arrays.fill(widths, (byte) bits);
    return codes(name, whole, widths, known, workers);
  }

  @Override
  public Composite quantize(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    return Composite.of(weight.shape(), codes(name, weight, bits, known, workers));
  }

  /// The codes, with a width for each group.
  GroupCodes codes(
      String name, WholeWeight weight, byte[] widths, LayerKnowledge known, Workers workers) {
    GroupSweep.GridChooser chooser = (w, row, column, bits) -> grid(w, bits);
    if (!actOrder) {
      LdlFactor factor = known.requireFactor(card().id(), name);
      return GroupSweep.run(weight, group, widths, factor, chooser, workers).packed();
    }
    float[] gram = known.requireGram(card().id(), name);
    int[] order = byFallingDiagonal(gram, weight.columns());
    LdlFactor factor = LdlFactor.of(permuted(gram, order), weight.columns(), damping, workers);
    return GroupSweep.run(weight, group, widths, factor, order, chooser, workers).packed();
  }

  private GroupGrid grid(GroupWeights w, int bits) {
    if (bits == 1) {
      return GroupGrid.twoLevels(w);
    }
    float[] range = symmetric ? GroupGrid.symmetricRange(w) : GroupGrid.range(w);
    return search ? GroupGrid.searched(w, range, bits) : GroupGrid.shrunk(range, 1, bits);
  }

  static int[] byFallingDiagonal(float[] gram, int size) {
    return IntStream.range(0, size)
        .boxed()
        .sorted(Comparator.comparingDouble(j -> -gram[j * size + j]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  static float[] permuted(float[] gram, int[] order) {
    int size = order.length;
    float[] permuted = new float[gram.length];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        permuted[i * size + j] = gram[order[i] * size + order[j]];
      }
    }
    return permuted;
  }
}
