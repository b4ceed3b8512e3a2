package halftone.recipe;

import halftone.model.Model;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.MeasuredSwaps;
import halftone.sensitivity.Menu;
import halftone.sensitivity.TensorKind;
import halftone.store.Key;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Predicted loss in nats of every option of every menu: inside the blocks scores scaled by
/// measured swaps, outside them (embedding, output) measured option by option where the effort
/// allows, else scaled too.
record LossTable(SequencedMap<String, double[]> losses) {
  static LossTable measure(
      Workshop shop,
      SequencedMap<String, Menu> menus,
      Evidence evidence,
      Yardstick yardstick,
      String textHash,
      Effort effort) {
    return new Measurement(shop, menus, evidence, yardstick, textHash, effort).run();
  }

  private static final class Measurement {
    private final Workshop shop;
    private final SequencedMap<String, Menu> menus;
    private final Evidence evidence;
    private final Yardstick yardstick;
    private final String textHash;
    private final Effort effort;
    private final EncodedTensors encoded;
    private final int blocks;

    Measurement(
        Workshop shop,
        SequencedMap<String, Menu> menus,
        Evidence evidence,
        Yardstick yardstick,
        String textHash,
        Effort effort) {
      this.shop = shop;
      this.menus = menus;
      this.evidence = evidence;
      this.yardstick = yardstick;
      this.textHash = textHash;
      this.effort = effort;
      this.encoded = new EncodedTensors(shop, evidence);
      this.blocks = shop.model().blocks().size();
    }

    LossTable run() {
      SequencedMap<String, Double> probes = new LinkedHashMap<>();
      List<String> outside = menus.keySet().stream().filter(name -> !inBlock(name)).toList();
      menus.forEach(
          (name, menu) -> {
            if (inBlock(name)) {
              probes.put(name, scores(name)[Menus.probe(menu)]);
            }
          });
      MeasuredSwaps swaps = new MeasuredSwaps(Menus.kinds(menus), effort.depths(), blocks);
      int outsideCount =
          outside.stream().mapToInt(n -> effort.everyOption() ? options(n).size() : 1).sum();
      shop.progress().step("measured swaps", swaps.count() + outsideCount);
      Map<String, Double> multipliers = swaps.multipliers(probes, this::swapped);
      SequencedMap<String, double[]> losses = new LinkedHashMap<>();
      for (String name : menus.keySet()) {
        losses.put(
            name,
            inBlock(name)
                ? scaled(scores(name), multipliers.getOrDefault(name, 1.0))
                : outside(name));
      }
      return new LossTable(losses);
    }

    private static boolean inBlock(String name) {
      return TensorKind.of(name).inBlock();
    }

    private double[] scores(String name) {
      return Objects.requireNonNull(evidence.scores().get(name));
    }

    private List<WeightFormat> options(String name) {
      return Objects.requireNonNull(menus.get(name)).options();
    }

    private static double[] scaled(double[] scores, double factor) {
      double[] losses = scores.clone();
      for (int i = 0; i < losses.length; i++) {
        losses[i] *= factor;
      }
      return losses;
    }

    private double[] outside(String name) {
      Menu menu = Objects.requireNonNull(menus.get(name));
      double[] scores = scores(name);
      if (effort.everyOption()) {
        double[] losses = new double[scores.length];
        for (int option = 0; option < losses.length; option++) {
          losses[option] = kl(Map.of(name, menu.options().get(option)), 0);
        }
        return losses;
      }
      int probe = Menus.probe(menu);
      double factor = kl(Map.of(name, menu.options().get(probe)), 0) / scores[probe];
      return scaled(scores, factor);
    }

    private double swapped(MeasuredSwaps.Swap swap) {
      SequencedMap<String, WeightFormat> formats = new LinkedHashMap<>();
      int first = blocks;
      for (String name : swap.tensors()) {
        formats.put(name, options(name).get(Menus.probe(Objects.requireNonNull(menus.get(name)))));
        first = Math.min(first, TensorKind.of(name).block());
      }
      return kl(formats, first);
    }

    /// Mean KL divergence with these formats, nothing before block `first` changed.
    private double kl(Map<String, WeightFormat> formats, int first) {
      Key key =
          Key.of("kl")
              .with("model", shop.modelHash())
              .with("text", textHash)
              .with("first scored", String.valueOf(yardstick.firstScored()))
              .with("importance", evidence.source())
              .with("formats", ids(formats))
              .key();
      double kl =
          shop.memo()
              .number(
                  key,
                  () -> {
                    Model candidate = encoded.apply(formats);
                    boolean anywhere = formats.keySet().stream().anyMatch(name -> !inBlock(name));
                    return (anywhere
                            ? yardstick.score(candidate)
                            : yardstick.score(candidate, first))
                        .meanDivergence();
                  });
      shop.progress().done(1);
      return kl;
    }

    private static String ids(Map<String, WeightFormat> formats) {
      Map<String, String> ids = new TreeMap<>();
      formats.forEach((name, format) -> ids.put(name, format.id()));
      return ids.toString();
    }
  }
}
