package halftone.recipe;

import halftone.text.Chunks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// What several ways lost on several draws of text, by name: whether a claim holds in nine of ten.
public record Draws(List<Map<String, Double>> losses) {
  /// Enough for "in nine of ten".
  public static final int COUNT = 10;

  /// Prints the means.
  public Draws {
    for (String name : losses.getFirst().keySet()) {
      System.out.printf("  %-28s %.5f%n", name, mean(losses, name));
    }
  }

  /// Some chunks of a text, others for every seed.
  public static int[][] of(Chunks all, int count, long seed) {
    List<int[]> chunks = new ArrayList<>(List.of(all.tokens()));
    Collections.shuffle(chunks, new Random(seed));
    return chunks.subList(0, count).toArray(int[][]::new);
  }

  private static double mean(List<Map<String, Double>> losses, String name) {
    return losses.stream().mapToDouble(draw -> draw.get(name)).average().orElseThrow();
  }

  public double mean(String name) {
    return mean(losses, name);
  }

  /// In how many draws one loses less than the other.
  public long wins(String better, String worse) {
    long wins = losses.stream().filter(d -> d.get(better) < d.get(worse)).count();
    System.out.printf("  %s below %s in %d of %d%n", better, worse, wins, losses.size());
    return wins;
  }
}
