package halftone.sensitivity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class MeasuredSwapsTest {
  private static final List<String> KINDS = List.of("attn_q", "ffn_down");
  private static final int BLOCKS = 6;

  private static SequencedMap<String, Double> scores() {
    SequencedMap<String, Double> scores = new LinkedHashMap<>();
    for (int block = 0; block < BLOCKS; block++) {
      scores.put("blk." + block + ".attn_q.weight", 1.0 + block);
      scores.put("blk." + block + ".ffn_down.weight", 2.0);
    }
    return scores;
  }

  /// A world where the true loss of a tensor is its score times a factor of its kind times one of
  /// its depth.
  private static double truth(String name, double score) {
    TensorKind where = TensorKind.of(name);
    double kind = where.kind().equals("attn_q") ? 0.5 : 3;
    return score * kind * (1 + where.depth(3, BLOCKS));
  }

  private static double meter(MeasuredSwaps.Swap swap) {
    return swap.tensors().stream().mapToDouble(name -> truth(name, scores().get(name))).sum();
  }

  @Test
  void swapsShareEachGroupsLossHalfByScoreAndHalfEqually() {
    MeasuredSwaps swaps = new MeasuredSwaps(KINDS, 3, BLOCKS);
    Map<String, Double> multipliers = swaps.multipliers(scores(), MeasuredSwapsTest::meter);
    // Blocks 2 and 3 are depth 1: scores 3 and 4, factors ½ for the kind and 2 for the depth.
    double loss = (3 + 4) * 0.5 * 2;
    assertThat(multipliers.get("blk.2.attn_q.weight") * 3)
        .isCloseTo(loss * (0.5 * 3 / 7 + 0.25), within(1e-9));
    assertThat(multipliers.get("blk.3.attn_q.weight") * 4)
        .isCloseTo(loss * (0.5 * 4 / 7 + 0.25), within(1e-9));
    assertThat(multipliers.get("blk.5.ffn_down.weight") * 2)
        .isCloseTo(truth("blk.5.ffn_down.weight", 2), within(1e-9));
  }

  @Test
  void asksForAsManyMeasurementsAsItSays() {
    MeasuredSwaps swaps = new MeasuredSwaps(KINDS, 3, BLOCKS);
    List<String> asked = new ArrayList<>();
    swaps.multipliers(
        scores(),
        swap -> {
          asked.add(swap.name());
          return 1;
        });
    assertThat(asked).hasSize(swaps.count()).doesNotHaveDuplicates();
  }

  @Test
  void aSwapThatHarmsNothingMakesItsTensorsFree() {
    MeasuredSwaps swaps = new MeasuredSwaps(KINDS, 1, BLOCKS);
    assertThat(swaps.multipliers(scores(), swap -> -1e-9).values()).containsOnly(0.0);
  }
}
