package halftone.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipleChoiceKnapsackTest {
  private final MultipleChoiceKnapsack knapsack = MultipleChoiceKnapsack.STANDARD;

  @ParameterizedTest
  @CsvSource({
    ".25, 8888888888888844444, .118300",
    ".5, 8888888888888884844, .074506",
    ".75, 8888888888888488884, .033441"
  })
  void meetsHawqUnderSize(double part, String bits, double loss) {
    assertChoice(Hawq.problem(Hawq.size(part)), bits, loss);
  }

  @ParameterizedTest
  @CsvSource({
    ".25, 8884848444444444444, .460424",
    ".5, 8884888848884444444, .215689",
    ".75, 8888888848888484884, .079965"
  })
  void meetsHawqUnderBitOperations(double part, String bits, double loss) {
    assertChoice(Hawq.problem(Hawq.bops(part)), bits, loss);
  }

  @Test
  void meetsHawqUnderBothBudgets() {
    assertChoice(Hawq.problem(Hawq.size(.5), Hawq.bops(.5)), "8884888848884444444", .215689);
    assertThat(knapsack.allocate(Hawq.problem(Hawq.size(.5))).used()[0] / 8.0 / (1 << 20))
        .isEqualTo(7.265625);
  }

  private void assertChoice(Problem problem, String bits, double loss) {
    Allocation allocation = knapsack.allocate(problem);
    assertThat(Hawq.bits(allocation.choice())).isEqualTo(bits);
    assertThat(allocation.loss()).isCloseTo(loss, within(5e-7));
    assertThat(allocation.gap()).isLessThan(1.01e-9);
  }

  @Test
  void equalsBruteForceOnAThousandRandomInstances() {
    int infeasible = 0;
    for (int seed = 0; seed < 1000; seed++) {
      Problem problem = random(seed);
      double least = BruteForce.least(problem);
      if (least == Double.POSITIVE_INFINITY) {
        infeasible++;
        assertInfeasible(problem);
      } else {
        assertOptimal(problem, least);
      }
    }
    assertThat(infeasible).isBetween(100, 500);
  }

  private void assertOptimal(Problem problem, double least) {
    Allocation allocation = knapsack.allocate(problem);
    assertThat(BruteForce.fits(problem, allocation.choice())).isTrue();
    assertThat(allocation.loss()).isCloseTo(least, within(1e-9 * Math.abs(least) + 1e-15));
    assertThat(allocation.lowerBound()).isLessThanOrEqualTo(least + 1e-15);
    assertThat(allocation.gap()).isBetween(0.0, 1.0001e-9);
    assertThat(allocation.loss()).isEqualTo(problem.objective().loss(allocation.choice()));
    Multipliers relaxed = new LagrangianBound(Table.of(problem)).maximise();
    assertThat(relaxed.infeasible()).isFalse();
    assertThat(relaxed.bound()).isLessThanOrEqualTo(least + 1e-12);
  }

  private void assertInfeasible(Problem problem) {
    InfeasibleBudgetException e =
        catchThrowableOfType(InfeasibleBudgetException.class, () -> knapsack.allocate(problem));
    assertThat(e).isNotNull();
    long smallest = BruteForce.smallest(problem, e.resource());
    assertThat(e.smallest()).isGreaterThan(e.limit());
    if (smallest >= 0 && problem.smallest(index(problem, e)) <= e.limit()) {
      assertThat(e.smallest()).isLessThanOrEqualTo(smallest);
      assertThat(problem.resources().size() == 3 || e.smallest() == smallest).isTrue();
    }
  }

  private static int index(Problem problem, InfeasibleBudgetException e) {
    return problem.resources().stream().map(Resource::name).toList().indexOf(e.resource());
  }

  /// Up to 10 units, 5 options and 3 resources, some losses negative or tied, some units tied.
  private static Problem random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int units = random.nextInt(1, 1 + (seed % 50 == 0 ? 9 : 6));
    int resources = random.nextInt(1, 4);
    boolean coarse = random.nextInt(3) == 0;
    int[] options = random.ints(units, 1, 6).toArray();
    List<int[]> ties = List.of();
    if (units > 2 && random.nextInt(3) == 0) {
      options[2] = options[0];
      ties = List.of(new int[] {2, 0});
    }
    double[][] loss = new double[units][];
    Arrays.setAll(
        loss,
        u -> random.doubles(options[u], -.2, 1).map(x -> coarse ? Math.rint(4 * x) : x).toArray());
    Resource[] all = new Resource[resources];
    for (int r = 0; r < resources; r++) {
      long[][] cost = new long[units][];
      int largest = coarse ? 5 : 10_000;
      Arrays.setAll(cost, u -> random.longs(options[u], 0, largest).toArray());
      all[r] =
          new Resource(
              "resource " + r,
              cost,
              random.nextLong((long) units * largest / 4, (long) units * largest * 3 / 4));
    }
    return new Problem(new Additive(loss), List.of(all), ties);
  }

  @Test
  void equalsTheDenseTableAtEveryBudget() {
    for (int seed = 0; seed < 8; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      double[][] loss = new double[25][];
      long[][] cost = new long[25][];
      Arrays.setAll(loss, u -> random.doubles(6, 0, u == 0 ? 10 : 1).toArray());
      Arrays.setAll(cost, u -> random.longs(6, 0, u == 0 ? 600 : 60).toArray());
      Problem problem = new Problem(loss, new Resource("bytes", cost, 0));
      double[] least = DenseTable.least(problem, 1500);
      for (int limit = (int) problem.smallest(0); limit <= 1500; limit += 7) {
        Allocation allocation = knapsack.allocate(problem.within(limit));
        assertThat(allocation.loss()).isCloseTo(least[limit], within(2e-9 * least[limit]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {2.3, 2.8, 3.5, 4.5, 6.0, 7.9})
  void allocatesALanguageModelInUnderASecond(double bpw) {
    knapsack.allocate(Instances.smol(9, bpw));
    for (int seed = 0; seed < 3; seed++) {
      Problem problem = Instances.smol(seed, bpw);
      Allocation allocation = knapsack.allocate(problem);
      assertThat(allocation.gap()).isLessThan(1e-4);
      assertThat(allocation.time()).isLessThan(Duration.ofSeconds(1));
      assertThat((double) allocation.used()[0] / problem.resources().getFirst().limit())
          .isBetween(.995, 1.0);
    }
  }

  @Test
  void closesLogNormalSizes() {
    for (int seed = 0; seed < 3; seed++) {
      assertThat(knapsack.allocate(Instances.logNormal(200, seed, 4.5)).gap()).isLessThan(1e-8);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void certifiesSeveralBudgetsOverADominantUnit(int resources) {
    Problem problem = Instances.withMoreResources(Instances.smol(1, 4.5), resources, 1);
    Allocation allocation = knapsack.allocate(problem);
    assertThat(BruteForce.fits(problem, allocation.choice())).isTrue();
    assertThat(allocation.gap()).isBetween(0.0, 1e-3);
    Problem bytesOnly = Instances.smol(1, 4.5);
    assertThat(allocation.loss()).isGreaterThanOrEqualTo(knapsack.allocate(bytesOnly).lowerBound());
  }

  @Test
  void aNarrowSearchStillReportsATrueBound() {
    Problem problem = Instances.smol(0, 4.5);
    Allocation exact = knapsack.allocate(problem);
    Allocation narrow = new MultipleChoiceKnapsack(1e-9, 3).allocate(problem);
    assertThat(narrow.lowerBound()).isLessThanOrEqualTo(exact.loss());
    assertThat(narrow.loss()).isGreaterThanOrEqualTo(exact.lowerBound());
    assertThat(narrow.gap()).isGreaterThan(1e-9);
  }

  @Test
  void beatsRandomAndUniformChoicesOfTheSameSize() {
    Problem problem = Instances.smol(0, 4.5);
    double loss = knapsack.allocate(problem).loss();
    SplittableRandom random = new SplittableRandom(1);
    int[] choice = new int[211];
    for (int trial = 0; trial < 1000; trial++) {
      Arrays.setAll(choice, u -> random.nextInt(12));
      if (BruteForce.fits(problem, choice)) {
        assertThat(problem.objective().loss(choice)).isGreaterThan(loss);
      }
    }
    Arrays.fill(choice, 4);
    assertThat(BruteForce.fits(problem, choice)).isTrue();
    assertThat(problem.objective().loss(choice)).isGreaterThan(loss);
  }

  @Test
  void choosesTheSameOnEveryRun() {
    Problem problem = Instances.withMoreResources(Instances.smol(3, 4.5), 2, 3);
    int[] first = knapsack.allocate(problem).choice();
    assertThat(knapsack.allocate(problem).choice()).isEqualTo(first);
  }

  @Test
  void theShadowPriceIsWhatAByteSaves() {
    Problem problem = Instances.smol(0, 4.5);
    Allocation small = knapsack.allocate(problem);
    long more = 1_000_000;
    Allocation large =
        knapsack.allocate(problem.within(problem.resources().getFirst().limit() + more));
    double saved = (small.loss() - large.loss()) / more;
    assertThat(small.shadowPrices()[0]).isCloseTo(saved, within(.1 * saved));
  }

  @Test
  void namesTheSmallestReachableCost() {
    Problem problem = Instances.smol(0, 2.0);
    long smallest = problem.smallest(0);
    assertThatThrownBy(() -> knapsack.allocate(problem))
        .isInstanceOf(InfeasibleBudgetException.class)
        .hasMessageContaining(String.format(Locale.ROOT, "%,d", smallest))
        .hasMessageContaining("bytes");
    assertThat(knapsack.allocate(problem.within(smallest)).used()).containsExactly(smallest);
  }
}
