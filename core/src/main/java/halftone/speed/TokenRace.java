package halftone.speed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;

/// Runs contenders in turns, as a machine is not as fast in one minute as in the next.
///
/// @param prompt tokens that are read at once
/// @param written tokens that are written one by one
/// @param rounds that count; some before them do not, in which code is compiled
/// @param vocabulary ids are drawn below it
public record TokenRace(int prompt, int written, int rounds, int vocabulary) {
  /// Rounds that do not count.
  public static final int WARMING = 3;

  public TokenRace {
    if (prompt < 1 || written < 1 || rounds < 1) {
      throw new IllegalArgumentException(
          "%d tokens of prompt, %d written and %d rounds: at least 1 of each"
              .formatted(prompt, written, rounds));
    }
  }

  /// Speeds of the contenders, in their order.
  ///
  /// @param progress told how many rounds are done, those that do not count among them
  public List<TokenSpeed> run(List<? extends Contender> contenders, IntConsumer progress) {
    int[] tokens = new Random(1).ints(prompt + (long) written, 0, vocabulary).toArray();
    List<List<TokenSpeed>> all = new ArrayList<>();
    contenders.forEach(each -> all.add(new ArrayList<>()));
    for (int round = 1; round <= WARMING + rounds; round++) {
      for (int i = 0; i < contenders.size(); i++) {
        TokenSpeed speed = once(contenders.get(i), tokens);
        if (round > WARMING) {
          all.get(i).add(speed);
        }
      }
      progress.accept(round);
    }
    return all.stream().map(TokenRace::median).toList();
  }

  private TokenSpeed once(Contender contender, int[] tokens) {
    long start = System.nanoTime();
    contender.read(Arrays.copyOf(tokens, prompt));
    double reading = System.nanoTime() - start;
    contender.read(Arrays.copyOf(tokens, 1));
    long between = System.nanoTime();
    for (int i = 0; i < written; i++) {
      contender.write(tokens[prompt + i]);
    }
    double writing = System.nanoTime() - between;
    return new TokenSpeed(prompt * 1e9 / reading, written * 1e9 / writing);
  }

  private static TokenSpeed median(List<TokenSpeed> speeds) {
    return new TokenSpeed(median(speeds, TokenSpeed::prefill), median(speeds, TokenSpeed::decode));
  }

  private static double median(List<TokenSpeed> speeds, ToDoubleFunction<TokenSpeed> of) {
    return Median.of(speeds.stream().mapToDouble(of).toArray());
  }
}
