package halftone.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {
  private static final double[][] LOSS = {{3, 1}, {2, 1}};
  private static final Resource BYTES = new Resource("bytes", new long[][] {{1, 2}, {1, 2}}, 3);

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void refusesLossesThatAreNotFinite(double loss) {
    assertThatThrownBy(() -> new Additive(new double[][] {{0}, {1, loss}}))
        .hasMessageContaining("unit 1, option 1");
  }

  @Test
  void refusesNegativeCostsAndEmptyMenus() {
    assertThatThrownBy(() -> new Resource("bytes", new long[][] {{1, -2}}, 3))
        .hasMessageContaining("bytes of unit 0, option 1 is -2");
    assertThatThrownBy(() -> new Additive(new double[][] {{1}, {}})).hasMessageContaining("unit 1");
    assertThatThrownBy(() -> new Additive(new double[0][])).hasMessageContaining("no units");
  }

  @Test
  void refusesTablesOfDifferentShape() {
    assertThatThrownBy(() -> new Problem(new double[][] {{3, 1}, {2}}, BYTES))
        .hasMessageContaining("bytes")
        .hasMessageContaining("[2, 1]");
    assertThatThrownBy(() -> new Problem(LOSS, BYTES, BYTES)).hasMessageContaining("two resources");
    assertThatThrownBy(() -> new Problem(LOSS)).hasMessageContaining("at least one resource");
  }

  @Test
  void refusesSumsThatOverflow() {
    long half = Long.MAX_VALUE / 2 + 1;
    assertThatThrownBy(() -> new Resource("bytes", new long[][] {{half}, {half}}, 1))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void refusesBrokenTies() {
    assertTie("unit 2", new int[] {0, 2});
    assertTie("more than one", new int[] {0, 1}, new int[] {1});
    assertThatThrownBy(
            () ->
                new Problem(
                    new Additive(new double[][] {{1}, {1, 2}}),
                    List.of(new Resource("bytes", new long[][] {{1}, {1, 2}}, 9)),
                    List.of(new int[] {0, 1})))
        .hasMessageContaining("1 and 2 options");
  }

  private static void assertTie(String message, int[]... ties) {
    assertThatThrownBy(() -> new Problem(new Additive(LOSS), List.of(BYTES), List.of(ties)))
        .hasMessageContaining(message);
  }

  @Test
  void reportsButKeepsNonMonotoneTables() {
    Problem problem =
        new Problem(
            new double[][] {{3, 1}, {1, 2}},
            new Resource("bytes", new long[][] {{1, 2}, {1, 2}}, 4));
    assertThat(problem.nonMonotoneUnits(0)).containsExactly(1);
    assertThat(MultipleChoiceKnapsack.STANDARD.allocate(problem).choice()).containsExactly(1, 0);
  }
}
