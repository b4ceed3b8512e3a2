package halftone.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenRaceTest {
  /// Notes what it is asked, and takes its time.
  private record Noting(String name, List<String> asked, long nanos) implements Contender {
    @Override
    public void read(int[] prompt) {
      asked.add(name + " reads " + prompt.length);
      await(prompt.length);
    }

    @Override
    public void write(int token) {
      asked.add(name + " writes");
      await(1);
    }

    private void await(int tokens) {
      long end = System.nanoTime() + tokens * nanos;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void contendersRunInTurnsAndTheMedianCounts() {
    List<String> asked = new ArrayList<>();
    List<Integer> rounds = new ArrayList<>();
    List<TokenSpeed> speeds =
        new TokenRace(10, 2, 3, 50)
            .run(
                List.of(new Noting("a", asked, 10_000), new Noting("b", asked, 100_000)),
                rounds::add);
    assertThat(rounds).containsExactly(1, 2, 3, 4, 5, 6);
    List<String> once =
        List.of(
            "a reads 10",
            "a reads 1",
            "a writes",
            "a writes",
            "b reads 10",
            "b reads 1",
            "b writes",
            "b writes");
    for (int round = 0; round < 6; round++) {
      assertThat(asked.subList(8 * round, 8 * (round + 1))).isEqualTo(once);
    }
    assertThat(speeds.get(0).prefill()).isBetween(20_000.0, 100_000.0);
    assertThat(speeds.get(1).prefill()).isBetween(2_000.0, 10_000.0);
    assertThat(speeds.get(1).decode()).isBetween(2_000.0, 10_000.0);
  }

  /// Three rounds a thousand times slower than the one that counts.
  @Test
  void theFirstRoundsDoNotCount() {
    int[] reads = {0};
    Contender slowAtFirst =
        new Contender() {
          @Override
          public void read(int[] prompt) {
            write(reads[0]++ < 2 * TokenRace.WARMING ? 10_000 : 10);
          }

          @Override
          public void write(int micros) {
            long end = System.nanoTime() + 1000L * micros;
            while (System.nanoTime() < end) {
              Thread.onSpinWait();
            }
          }
        };
    TokenRace race = new TokenRace(10, 1, 1, 2);
    assertThat(race.run(List.of(slowAtFirst), round -> {}).getFirst().prefill())
        .isGreaterThan(5_000);
  }

  @Test
  void theMedianIsTheMiddleOrBetweenTheMiddleTwo() {
    assertThat(Median.of(new double[] {9, 1, 5})).isEqualTo(5);
    assertThat(Median.of(new double[] {9, 1, 5, 7})).isEqualTo(6);
  }
}
