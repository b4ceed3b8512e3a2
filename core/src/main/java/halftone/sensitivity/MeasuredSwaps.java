package halftone.sensitivity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Turns scores into nats: a few groups of tensors are really swapped for a coarse format, the KL
/// divergence each swap causes is measured, and the scores of the group's tensors are scaled to it.
///
/// A metric such as tr(E A Eᵀ) ranks formats and tensors of one kind well, but knows nothing of
/// what lies behind a layer: a query's error is worth less than a value's, an early block's more
/// than a late one's.
///
/// @param kinds every tensor kind inside the blocks, in graph order
/// @param depths number of depth groups
public record MeasuredSwaps(List<String> kinds, int depths, int blocks) {
  /// A set of tensors swapped together.
  public record Swap(String name, List<String> tensors) {}

  /// Measures one swap: mean KL divergence of the network with these tensors in their probe
  /// formats.
  public interface Meter {
    double meanKl(Swap swap);
  }

  /// Share of a group's loss that follows the scores.
  private static final double BY_SCORE = 0.5;

  public MeasuredSwaps {
    kinds = List.copyOf(kinds);
  }

  /// Number of measurements [#multipliers] will ask for.
  public int count() {
    return kinds.size() * depths;
  }

  /// What each tensor's score is to be multiplied by.
  ///
  /// @param probeScores score of each tensor inside the blocks in its probe format
  public Map<String, Double> multipliers(SequencedMap<String, Double> probeScores, Meter meter) {
    Map<String, Double> multipliers = new LinkedHashMap<>();
    probeScores.keySet().forEach(name -> multipliers.put(name, 1.0));
    for (String kind : kinds) {
      for (int depth = 0; depth < depths; depth++) {
        share(multipliers, probeScores, group(probeScores, kind, depth), meter);
      }
    }
    return multipliers;
  }

  private Swap group(SequencedMap<String, Double> scores, String kind, int depth) {
    List<String> members =
        scores.keySet().stream()
            .filter(
                name -> {
                  TensorKind where = TensorKind.of(name);
                  return where.kind().equals(kind) && where.depth(depths, blocks) == depth;
                })
            .toList();
    return new Swap(kind + " depth " + depth, members);
  }

  /// Shares a group's measured loss among its tensors, of one kind and neighbouring blocks: half by
  /// their scores, half equally. One block whose inputs spike can hold nearly all of a group's
  /// score; by scores alone its neighbours would be free.
  private static void share(
      Map<String, Double> multipliers, Map<String, Double> scores, Swap swap, Meter meter) {
    double sum = 0;
    for (String name : swap.tensors()) {
      sum += scores.getOrDefault(name, 0.0);
    }
    if (sum <= 0) {
      return;
    }
    double loss = Math.max(0, meter.meanKl(swap));
    for (String name : swap.tensors()) {
      double score = scores.getOrDefault(name, 0.0);
      double part = BY_SCORE * score / sum + (1 - BY_SCORE) / swap.tensors().size();
      multipliers.put(name, score > 0 ? loss * part / score : 0);
    }
  }
}
