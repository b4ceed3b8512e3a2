package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
  /// Probabilities 0.4, 0.3, 0.2, 0.06, 0.04, not in that order.
  private static final double[] MASSES = {0.06, 0.4, 0.2, 0.04, 0.3};

  private static float[] logits(double... masses) {
    float[] logits = new float[masses.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (Math.log(masses[i]) + 3);
    }
    return logits;
  }

  private static float[] random(int length, long seed) {
    Random random = new Random(seed);
    float[] logits = new float[length];
    for (int i = 0; i < length; i++) {
      logits[i] = (float) (3 * random.nextGaussian());
    }
    return logits;
  }

  private static int[] kept(Sampling sampling, float[] logits) {
    return new Sampler(sampling).kept(logits).ids();
  }

  private static Sampling sampling(int topK, float topP, float minP) {
    return new Sampling(1, topK, topP, minP, 1, 0, 0);
  }

  @Test
  void topKKeepsTheLikeliestTheLowerIdFirst() {
    assertThat(kept(sampling(2, 1, 0), logits(MASSES))).containsExactly(1, 4);
    assertThat(kept(sampling(0, 1, 0), logits(MASSES))).containsExactly(1, 4, 2, 0, 3);
    assertThat(kept(sampling(3, 1, 0), new float[] {1, 2, 2, 1, 2, 1})).containsExactly(1, 2, 4);
    assertThat(kept(sampling(4, 1, 0), new float[] {-0f, 0, -0f})).containsExactly(0, 1, 2);
  }

  /// A few are inserted, many are sorted.
  @ParameterizedTest
  @ValueSource(ints = {1, 40, 255, 256, 257, 1000, 5000})
  void bothWaysToTheLikeliestAgreeWithSorting(int topK) {
    float[] logits = random(3000, topK);
    for (int i = 0; i < 3000; i += 7) {
      logits[i] = Math.round(logits[i]);
    }
    int[] expected =
        IntStream.range(0, 3000)
            .boxed()
            .sorted((a, b) -> Float.compare(logits[b] + 0f, logits[a] + 0f))
            .limit(topK)
            .mapToInt(i -> i)
            .toArray();
    assertThat(kept(sampling(topK, 1, 0), logits)).containsExactly(expected);
  }

  @Test
  void topPKeepsTheFewestThatReachTheMass() {
    assertThat(kept(sampling(0, 0.39f, 0), logits(MASSES))).containsExactly(1);
    assertThat(kept(sampling(0, 0.41f, 0), logits(MASSES))).containsExactly(1, 4);
    assertThat(kept(sampling(0, 0.89f, 0), logits(MASSES))).containsExactly(1, 4, 2);
    assertThat(kept(sampling(0, 0.97f, 0), logits(MASSES))).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(floats = {0.1f, 0.5f, 0.9f, 0.99f})
  void theMassOfTopPIsReachedAndNotWithoutTheLast(float topP) {
    float[] logits = random(500, 3);
    double[] all = probabilities(logits, IntStream.range(0, 500).toArray(), 1);
    int[] kept = kept(sampling(0, topP, 0), logits);
    double mass = Arrays.stream(kept).mapToDouble(id -> all[id]).sum();
    assertThat(mass).isGreaterThanOrEqualTo(topP - 1e-9);
    assertThat(mass - all[kept[kept.length - 1]]).isLessThan(topP);
  }

  /// As llama.cpp: of what top-k left.
  @Test
  void topPCountsWhatTopKLeft() {
    assertThat(kept(sampling(2, 0.57f, 0), logits(MASSES))).containsExactly(1);
    assertThat(kept(sampling(2, 0.58f, 0), logits(MASSES))).containsExactly(1, 4);
  }

  @Test
  void minPKeepsWhatIsAtLeastThatTimesAsLikelyAsTheFirst() {
    assertThat(kept(sampling(0, 1, 0.76f), logits(MASSES))).containsExactly(1);
    assertThat(kept(sampling(0, 1, 0.74f), logits(MASSES))).containsExactly(1, 4);
    assertThat(kept(sampling(0, 1, 0.14f), logits(MASSES))).containsExactly(1, 4, 2, 0);
  }

  @Test
  void temperatureZeroTakesTheLowestIdOfTheLikeliest() {
    Sampler greedy = new Sampler(Sampling.GREEDY);
    assertThat(greedy.next(new float[] {9, 1, 3, 3}, 1, 3)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(floats = {0.5f, 1, 2})
  void drawsFollowTheDistribution(float temperature) {
    chiSquare(new Sampling(temperature, 0, 1, 0, 1, 0, 11), new int[] {0, 1, 2, 3, 4});
  }

  @Test
  void drawsFollowTheDistributionOfWhatIsKept() {
    chiSquare(new Sampling(1.5f, 4, 0.95f, 0.05f, 1, 0, 12), new int[] {0, 1, 2, 4});
  }

  /// Three degrees of freedom and more: 25 is exceeded once in 20,000 times.
  private static void chiSquare(Sampling sampling, int[] support) {
    float[] logits = logits(MASSES);
    Sampler sampler = new Sampler(sampling);
    int[] counts = new int[MASSES.length];
    int draws = 40_000;
    for (int i = 0; i < draws; i++) {
      counts[sampler.next(logits, 0, logits.length)]++;
    }
    double[] expected = probabilities(logits, support, sampling.temperature());
    double chi = 0;
    for (int i = 0; i < support.length; i++) {
      double mean = expected[i] * draws;
      chi += Math.pow(counts[support[i]] - mean, 2) / mean;
    }
    assertThat(Arrays.stream(support).map(id -> counts[id]).sum()).isEqualTo(draws);
    assertThat(chi).isLessThan(25);
  }

  private static double[] probabilities(float[] logits, int[] ids, double temperature) {
    double[] weights =
        Arrays.stream(ids).mapToDouble(id -> Math.exp(logits[id] / temperature)).toArray();
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> w / sum).toArray();
  }

  @Test
  void theRepetitionPenaltyPushesDownWhatWasSeenLately() {
    Sampling sampling = new Sampling(0, 0, 1, 0, 2, 3, 0);
    Sampler sampler = new Sampler(sampling);
    float[] logits = {4, 3, 2.5f, -1};
    assertThat(sampler.next(logits, 0, 4)).isZero();
    sampler.accept(0);
    assertThat(sampler.next(logits, 0, 4)).isEqualTo(1);
    sampler.accept(1);
    assertThat(sampler.next(logits, 0, 4)).isEqualTo(2);
    sampler.accept(2);
    // 4/2, 3/2, 2.5/2 and −1: all seen, the first still leads.
    assertThat(sampler.next(logits, 0, 4)).isZero();
    sampler.accept(1);
    // Token 0 has left the window of three.
    assertThat(sampler.next(logits, 0, 4)).isZero();
    // Negative logits are multiplied; a token seen twice counts once.
    Sampler other = new Sampler(sampling);
    other.accept(0);
    other.accept(0);
    assertThat(other.next(new float[] {-1, -1.5f}, 0, 2)).isEqualTo(1);
    assertThat(other.next(new float[] {-1, -2.5f}, 0, 2)).isZero();
  }

  @Test
  void forbiddenTokensAreNeverChosen() {
    Sampler sampler = new Sampler(Sampling.plain(3));
    sampler.forbid(Set.of(1, 4));
    float[] logits = logits(MASSES);
    assertThat(IntStream.range(0, 500).map(i -> sampler.next(logits, 0, 5)).distinct().sorted())
        .containsExactly(0, 2, 3);
    Sampler greedy = new Sampler(Sampling.GREEDY);
    greedy.forbid(Set.of(1));
    assertThat(greedy.next(logits, 0, 5)).isEqualTo(4);
  }

  @Test
  void seedsAndStreamsTellTextsApartAndRepeatThem() {
    float[] logits = random(1000, 5);
    assertThat(drawn(1, 0, logits)).containsExactly(drawn(1, 0, logits));
    assertThat(drawn(2, 0, logits)).isNotEqualTo(drawn(1, 0, logits));
    assertThat(drawn(1, 1, logits)).isNotEqualTo(drawn(1, 0, logits));
    assertThat(drawn(0, 1, logits)).isNotEqualTo(drawn(1, 0, logits));
  }

  private static int[] drawn(long seed, long stream, float[] logits) {
    Sampler sampler = new Sampler(Sampling.plain(seed), stream);
    return IntStream.range(0, 50).map(i -> sampler.next(logits, 0, logits.length)).toArray();
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> new Sampling(-1, 0, 1, 0, 1, 0, 0))
        .hasMessageContaining("a temperature of -1.0");
    assertThatThrownBy(() -> sampling(0, 0, 0)).hasMessageContaining("a top-p of 0.0");
    assertThatThrownBy(() -> sampling(0, 1, 1.5f)).hasMessageContaining("a min-p of 1.5");
    assertThatThrownBy(() -> new Sampling(1, 0, 1, 0, 0, 0, 0))
        .hasMessageContaining("a repetition penalty of 0.0");
    Sampler sampler = new Sampler(Sampling.DEFAULT);
    assertThatThrownBy(() -> sampler.next(new float[] {1, Float.NaN}, 0, 2))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("token 1 is not a number");
  }
}
