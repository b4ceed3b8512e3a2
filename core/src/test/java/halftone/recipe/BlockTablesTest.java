package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.Menu;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/// What scores of blocks and measured swaps make of tables of losses and of formats.
class BlockTablesTest {
  private static final String FIRST = "blk.0.attn_q.weight";
  private static final String SECOND = "blk.1.attn_q.weight";
  private static final String TABLE = "token_embd.weight";
  private final Model model = TinyLlama.seeded(4).model();
  private final SequencedMap<String, Menu> menus =
      Menus.of(model, List.of(TABLE, FIRST, SECOND), List.of());

  private SequencedMap<String, double[]> errors(double each) {
    SequencedMap<String, double[]> errors = new LinkedHashMap<>();
    menus.forEach(
        (name, menu) -> {
          double[] all = new double[menu.options().size()];
          Arrays.fill(all, each);
          errors.put(name, all);
        });
    return errors;
  }

  private double squares(String name) {
    var tensor = model.tensors().get(name);
    float[] values = new float[Math.toIntExact(tensor.shape().elements())];
    tensor.rows(0, Math.toIntExact(tensor.shape().rows()), values, 0);
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }

  @Test
  void aBlocksErrorCountsByItsPlaceAndRelativeToItsWeights() {
    LossTable table = BlockScores.table(model, menus, new double[] {5, 3}, errors(2));
    assertThat(table.losses().get(FIRST)[0]).isCloseTo(2 / squares(FIRST), within(1e-9));
    assertThat(table.losses().get(SECOND)[0]).isCloseTo(0.5 * 2 / squares(SECOND), within(1e-9));
    // Outside the blocks as for the block that needs most.
    assertThat(table.losses().get(TABLE)[1]).isCloseTo(2 / squares(TABLE), within(1e-9));
  }

  @Test
  void aScoreIsWorthWhatSwapsMadeOfIt() {
    SequencedMap<String, double[]> scores = errors(4);
    LossTable swapped = new LossTable(errors(0.5));
    NatsPerScore worth = NatsPerScore.of(menus, scores, swapped);
    assertThat(worth.at(FIRST, 4.2)).isCloseTo(0.125, within(1e-12));
    assertThat(NatsPerScore.of(menus, errors(0), swapped).at(FIRST, 4.2)).isEqualTo(1);
  }

  @Test
  void thresholdsGiveTheHighestBlockMostAndTheEmbeddingTheMiddle() {
    Sizes sizes = new Sizes(model, new Provenance(new LinkedHashMap<>()), 32);
    double[] scores = {1, 2};
    SequencedMap<String, WeightFormat> raised = formats("Q8_0", "Q8_0", "F16");
    assertThat(ThresholdFormats.within(menus, sizes, scores, sizes.file(raised))).contains(raised);
    SequencedMap<String, WeightFormat> lowest = formats("Q8_0", "Q4_0", "Q4_0");
    assertThat(ThresholdFormats.within(menus, sizes, scores, sizes.file(lowest))).contains(lowest);
    // Below that 2, 4 and 8 bits; rows of 64 have no format of two, and take the next.
    SequencedMap<String, WeightFormat> smaller = formats("Q4_0", "Q4_0", "Q4_0");
    assertThat(ThresholdFormats.within(menus, sizes, scores, sizes.file(smaller)))
        .contains(smaller);
    assertThat(ThresholdFormats.within(menus, sizes, scores, sizes.file(smaller) - 1)).isEmpty();
  }

  private static SequencedMap<String, WeightFormat> formats(
      String table, String first, String second) {
    SequencedMap<String, WeightFormat> formats = new LinkedHashMap<>();
    formats.put(TABLE, format(table));
    formats.put(FIRST, format(first));
    formats.put(SECOND, format(second));
    return formats;
  }

  private static WeightFormat format(String id) {
    return (WeightFormat) NumberFormats.named(id);
  }

  @Test
  void sayHowFarARankingAgreesAndWhetherTheEndsAreHigher() {
    SequencedMap<String, double[]> scores = new LinkedHashMap<>();
    scores.put("ends", new double[] {9, 1, 2, 3, 8});
    scores.put("turned", new double[] {1, 9, 8, 7, 2});
    BlockComparison.Result result =
        new BlockComparison.Result(new double[] {.9, .1, .2, .3, .8}, scores);
    assertThat(result.agreement("ends")).isCloseTo(1, within(1e-12));
    assertThat(result.agreement("turned")).isCloseTo(-1, within(1e-12));
    // Two blocks at each end, of places 5, 1, 3, 4 of five, the middle one 2.
    assertThat(result.ends("ends")).isCloseTo((5 + 1 + 3 + 4) / 20.0 - 2 / 5.0, within(1e-12));
  }
}
