package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.quantizer.AwqClip;
import halftone.quantizer.ElementChoice;
import halftone.quantizer.GroupGptq;
import halftone.quantizer.HalfQuadratic;
import halftone.quantizer.LowRankCompensation;
import halftone.quantizer.Microscaling;
import halftone.quantizer.MinifloatPtq;
import halftone.quantizer.MxRule;
import halftone.quantizer.NearestCodes;
import halftone.quantizer.SlimLlm;
import halftone.quantizer.TwoLevelNvfp4;
import halftone.runtime.Arithmetic;
import halftone.transform.Awq;
import halftone.transform.Grid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the cards say of a small language model, on the built-in one: every weight of the blocks at
/// one width, mean KL divergence, ten draws of calibration and evaluation text.
@Tag("slow")
class SmallModelClaimsTest extends OnSmallModel {
  @Test
  void gptqHqqAndAwqBeatTheNearestCodesAtThreeBits() {
    Workshop scaled =
        Rewriting.apply(small.shop, new Awq(new Grid.MinMax(3, 128)), small.calibration());
    Draws draws =
        small.draws(
            List.of(
                small.way("nearest g64", new NearestCodes(64), 3),
                small.way("gptq g64", new GroupGptq(64, false, false, false, GroupGptq.DAMPING), 3),
                small.way("hqq g64", new HalfQuadratic(), 3),
                small.way("nearest g128", new NearestCodes(128), 3),
                small.way("awq clip g128", new AwqClip(), 3),
                new SmallModel.Way(
                    "awq scales g128", scaled, new NearestCodes(128), 3, Arithmetic.EXACT),
                new SmallModel.Way(
                    "awq scales and clip g128", scaled, new AwqClip(), 3, Arithmetic.EXACT)));
    assertThat(draws.wins("gptq g64", "nearest g64")).isGreaterThanOrEqualTo(9);
    assertThat(draws.wins("hqq g64", "nearest g64")).isGreaterThanOrEqualTo(9);
    assertThat(draws.wins("awq scales and clip g128", "awq scales g128")).isGreaterThanOrEqualTo(9);
    assertThat(draws.wins("awq scales g128", "nearest g128")).isGreaterThanOrEqualTo(9);
  }

  @Test
  void mixedGroupWidthsBeatOneAtTwoBits() {
    Draws draws =
        small.draws(
            List.of(
                small.way(
                    "gptq g128", new GroupGptq(128, false, false, false, GroupGptq.DAMPING), 2),
                small.way("slim-llm g128", new SlimLlm(128, 1), 2),
                small.way("gptq g64", new GroupGptq(64, false, false, false, GroupGptq.DAMPING), 2),
                small.way("slim-llm g64", new SlimLlm(64, 1), 2)));
    assertThat(draws.wins("slim-llm g128", "gptq g128")).isGreaterThanOrEqualTo(9);
    // Not so in groups of 64, where scales follow the weights anyway: 6 of 10.
    draws.wins("slim-llm g64", "gptq g64");
  }

  @Test
  void compensationGainsWithItsRank() {
    List<SmallModel.Way> ways = new ArrayList<>();
    ways.add(small.way("rank 0", new NearestCodes(64), 3));
    for (int rank : List.of(4, 8, 16, 64)) {
      ways.add(
          small.way("rank " + rank, new LowRankCompensation(new NearestCodes(64), rank, false), 3));
    }
    ways.add(small.way("rank 8, aware", new LowRankCompensation(new NearestCodes(64), 8, true), 3));
    Draws draws = small.draws(ways);
    assertThat(draws.wins("rank 8", "rank 0")).isGreaterThanOrEqualTo(9);
    for (String[] pair :
        new String[][] {{"rank 4", "rank 0"}, {"rank 16", "rank 4"}, {"rank 64", "rank 16"}}) {
      assertThat(draws.mean(pair[0])).isLessThan(draws.mean(pair[1]));
    }
    assertThat(draws.wins("rank 8, aware", "rank 8")).isGreaterThanOrEqualTo(9);
  }

  @Test
  void smallFloatsLoseInTheOrderOfTheirErrors() {
    Draws draws =
        small.draws(
            List.of(
                small.way("8-bit float a row", new MinifloatPtq(ElementChoice.NEAREST), 8),
                small.way("mxfp6", new Microscaling(MxRule.FLOOR, ElementChoice.NEAREST), 6),
                small.way("nvfp4", new TwoLevelNvfp4(ElementChoice.NEAREST), 4),
                small.way("mxfp4", new Microscaling(MxRule.FLOOR, ElementChoice.NEAREST), 4)));
    assertThat(draws.wins("mxfp6", "nvfp4")).isGreaterThanOrEqualTo(9);
    assertThat(draws.wins("nvfp4", "mxfp4")).isGreaterThanOrEqualTo(9);
    assertThat(draws.wins("8-bit float a row", "mxfp6")).isGreaterThanOrEqualTo(9);
    assertThat(draws.losses()).allMatch(draw -> draw.get("8-bit float a row") < 5e-3);
  }

  @Test
  void realTextCalibratesBestThenTheModelsOwnThenNoise() {
    List<Map<String, Double>> draws = new ArrayList<>();
    GroupGptq gptq = new GroupGptq(64, false, false, false, GroupGptq.DAMPING);
    int vocabulary =
        Math.toIntExact(small.shop.model().tensors().get("token_embd.weight").shape().rows());
    for (long draw = 0; draw < Draws.COUNT; draw++) {
      int[][] noise = new int[SmallModel.CALIBRATION][];
      for (int i = 0; i < SmallModel.CALIBRATION; i++) {
        noise[i] = new Random(31 * draw + i).ints(Samples.CHUNK, 0, vocabulary).toArray();
      }
      int[][] own =
          new SelfText(SmallModel.CALIBRATION, Samples.CHUNK, draw)
              .write(small.shop.model(), small.tokenizer, small.workers, Progress.SILENT)
              .chunks()
              .tokens();
      Map<String, Double> losses = new LinkedHashMap<>();
      losses.putAll(small.losses(List.of(small.way("none", new NearestCodes(64), 3)), own, draw));
      losses.putAll(small.losses(List.of(small.way("noise", gptq, 3)), noise, draw));
      losses.putAll(small.losses(List.of(small.way("self", gptq, 3)), own, draw));
      losses.putAll(
          small.losses(List.of(small.way("real", gptq, 3)), small.calibration(draw), draw));
      draws.add(losses);
    }
    Draws all = new Draws(draws);
    assertThat(all.wins("noise", "none")).isGreaterThanOrEqualTo(7);
    assertThat(all.wins("self", "noise")).isGreaterThanOrEqualTo(7);
    assertThat(draws.stream().filter(d -> d.get("self") <= 1.15 * d.get("real")).count())
        .isGreaterThanOrEqualTo(7);
  }
}
