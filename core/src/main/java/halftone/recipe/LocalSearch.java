package halftone.recipe;

import halftone.numeric.WeightFormat;
import halftone.sensitivity.Menu;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// What a sum of losses cannot see: pairs of tensors exchange bits, one a step up its menu, one a
/// step down, and the file is measured. An exchange stays where it lowers the measured loss.
///
/// Exchanges are tried in the order of the loss that the table promises, the least first, no tensor
/// in more than a few; what they take must not be more than what they give.
///
/// @param trials files that are measured
/// @param perTensor exchanges that one tensor is in, at most
record LocalSearch(int trials, int perTensor) {
  static final LocalSearch STANDARD = new LocalSearch(48, 4);

  /// Measures the mean KL divergence of a network with these formats.
  interface Meter {
    double meanKl(SequencedMap<String, WeightFormat> formats);
  }

  /// One step of one tensor.
  private record Step(String tensor, int option, long bytes, double loss) {}

  private record Exchange(Step up, Step down) {
    double loss() {
      return up.loss() + down.loss();
    }
  }

  /// The formats after all exchanges that helped.
  SequencedMap<String, WeightFormat> improve(
      SequencedMap<String, Menu> menus,
      LossTable table,
      SequencedMap<String, WeightFormat> start,
      Meter meter) {
    SequencedMap<String, WeightFormat> best = new LinkedHashMap<>(start);
    double least = meter.meanKl(best);
    for (Exchange exchange : exchanges(menus, table, start)) {
      if (!isUntouched(best, start, exchange.up()) || !isUntouched(best, start, exchange.down())) {
        continue;
      }
      SequencedMap<String, WeightFormat> tried = new LinkedHashMap<>(best);
      for (Step step : List.of(exchange.up(), exchange.down())) {
        tried.put(step.tensor(), option(menus, step.tensor(), step.option()));
      }
      double loss = meter.meanKl(tried);
      if (loss < least) {
        least = loss;
        best = tried;
      }
    }
    return best;
  }

  private static boolean isUntouched(
      SequencedMap<String, WeightFormat> now, SequencedMap<String, WeightFormat> start, Step step) {
    return Objects.equals(now.get(step.tensor()), start.get(step.tensor()));
  }

  private static WeightFormat option(SequencedMap<String, Menu> menus, String name, int option) {
    return Objects.requireNonNull(menus.get(name)).options().get(option);
  }

  private List<Exchange> exchanges(
      SequencedMap<String, Menu> menus, LossTable table, SequencedMap<String, WeightFormat> start) {
    List<Step> ups = new ArrayList<>();
    List<Step> downs = new ArrayList<>();
    menus.forEach(
        (name, menu) -> {
          int now = menu.options().indexOf(start.get(name));
          double[] losses = Objects.requireNonNull(table.losses().get(name));
          for (int option = 0; option < losses.length; option++) {
            long bytes = menu.bytes(option) - menu.bytes(now);
            Step step = new Step(name, option, bytes, losses[option] - losses[now]);
            if (bytes > 0 && step.loss() < 0) {
              ups.add(step);
            } else if (bytes < 0) {
              downs.add(step);
            }
          }
        });
    List<Exchange> all = new ArrayList<>();
    for (Step up : ups) {
      for (Step down : downs) {
        if (!up.tensor().equals(down.tensor()) && up.bytes() + down.bytes() <= 0) {
          all.add(new Exchange(up, down));
        }
      }
    }
    all.sort(Comparator.comparingDouble(Exchange::loss));
    return few(all);
  }

  private List<Exchange> few(List<Exchange> sorted) {
    Map<String, Integer> uses = new HashMap<>();
    List<Exchange> few = new ArrayList<>();
    for (Exchange exchange : sorted) {
      String up = exchange.up().tensor();
      String down = exchange.down().tensor();
      if (few.size() < trials
          && uses.getOrDefault(up, 0) < perTensor
          && uses.getOrDefault(down, 0) < perTensor) {
        uses.merge(up, 1, Integer::sum);
        uses.merge(down, 1, Integer::sum);
        few.add(exchange);
      }
    }
    return few;
  }
}
