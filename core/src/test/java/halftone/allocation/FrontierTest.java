package halftone.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrontierTest {
  private final MultipleChoiceKnapsack knapsack = MultipleChoiceKnapsack.STANDARD;

  @Test
  void everyPointIsOptimalForItsOwnCost() {
    Problem problem = Instances.smol(2, 4.5);
    Frontier frontier = knapsack.frontier(problem);
    for (int point = 0; point < frontier.size(); point += 97) {
      Allocation allocation = knapsack.allocate(problem.within(frontier.cost(point)));
      assertThat(allocation.loss())
          .isCloseTo(frontier.loss(point), within(2e-9 * frontier.loss(point)));
    }
  }

  @Test
  void runsConvexFromSmallestCostToSmallestLoss() {
    Problem problem = Instances.logNormal(100, 5, 4.5);
    Frontier frontier = knapsack.frontier(problem);
    Resource bytes = problem.resources().getFirst();
    assertThat(frontier.cost(0)).isEqualTo(problem.smallest(0));
    int[] replayed = new int[problem.units()];
    for (int point = 0; point < frontier.size(); point++) {
      int[] choice = frontier.choice(point);
      frontier.changes(point).forEach(change -> replayed[change.unit()] = change.option());
      assertThat(replayed).isEqualTo(choice);
      double loss = problem.objective().loss(choice);
      assertThat(bytes.used(choice)).isEqualTo(frontier.cost(point));
      assertThat(frontier.loss(point)).isCloseTo(loss, within(1e-12 * frontier.loss(0)));
      if (point > 0) {
        assertThat(frontier.loss(point)).isLessThan(frontier.loss(point - 1));
        assertThat(frontier.shadowPrice(point))
            .isLessThanOrEqualTo(frontier.shadowPrice(point - 1));
      }
    }
    double least =
        Arrays.stream(((Additive) problem.objective()).table())
            .mapToDouble(row -> Arrays.stream(row).min().orElseThrow())
            .sum();
    assertThat(frontier.loss(frontier.size() - 1))
        .isCloseTo(least, within(1e-12 * frontier.loss(0)));
  }

  @Test
  void findsTheSmallestCostWithinALoss() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int units = random.nextInt(1, 7);
      double[][] loss = new double[units][];
      long[][] cost = new long[units][];
      for (int u = 0; u < units; u++) {
        int options = random.nextInt(1, 6);
        loss[u] = random.doubles(options, -.2, 1).toArray();
        cost[u] = random.longs(options, 0, 1000).toArray();
      }
      Problem problem = new Problem(loss, new Resource("bytes", cost, 0));
      int[] any = new int[units];
      Arrays.setAll(any, u -> random.nextInt(loss[u].length));
      assertSmallest(problem, problem.objective().loss(any));
    }
  }

  private void assertSmallest(Problem problem, double most) {
    Resource bytes = problem.resources().getFirst();
    long[] best = {Long.MAX_VALUE};
    BruteForce.forEach(
        problem,
        choice -> {
          if (problem.objective().loss(choice) <= most) {
            best[0] = Math.min(best[0], bytes.used(choice));
          }
        });
    SmallestWithin found = knapsack.smallestWithin(problem, most);
    assertThat(found.allocation().loss()).isLessThanOrEqualTo(most);
    assertThat(found.allocation().used()[0]).isEqualTo(best[0]);
    assertThat(found.lowerBound()).isEqualTo(best[0]);
  }

  @Test
  void namesTheSmallestReachableLoss() {
    Problem problem =
        new Problem(
            new double[][] {{3, 1}, {2, .5}},
            new Resource("bytes", new long[][] {{1, 2}, {1, 2}}, 2));
    assertThat(knapsack.smallestWithin(problem, 1.5).allocation().choice()).containsExactly(1, 1);
    assertThat(knapsack.smallestWithin(problem, 3).allocation().choice()).containsExactly(1, 0);
    assertThat(knapsack.smallestWithin(problem, 1e300).allocation().choice()).containsExactly(0, 0);
    assertThatThrownBy(() -> knapsack.smallestWithin(problem, 1.4))
        .isInstanceOf(UnreachableLossException.class)
        .hasMessageContaining("1.5");
  }
}
