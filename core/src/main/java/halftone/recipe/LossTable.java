package halftone.recipe;

import halftone.evaluation.ScoredText;
import halftone.model.Model;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.MeasuredSwaps;
import halftone.sensitivity.Menu;
import halftone.sensitivity.TensorKind;
import halftone.store.Key;
import halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// Predicted loss in nats of every option of every menu: inside the blocks scores scaled by
/// measured swaps, outside them (embedding, output) scores scaled to measurements of a few formats.
///
/// Swaps may be measured in a network of Q8_0 weights with products in integers, against the same
/// without the swap: what eight bits lose is on both sides, and a product takes a quarter of the
/// time.
record LossTable(SequencedMap<String, double[]> losses) {
  static LossTable measure(
      Workshop shop,
      SequencedMap<String, Menu> menus,
      Evidence evidence,
      Rounding rounding,
      Samples samples,
      Yardstick allocation,
      Effort effort) {
    return new Measurement(shop, menus, evidence, rounding, samples, allocation, effort).run();
  }

  /// What all these formats lose together; nothing where one of them is on no menu.
  OptionalDouble promised(SequencedMap<String, Menu> menus, Map<String, WeightFormat> formats) {
    double sum = 0;
    for (Map.Entry<String, double[]> entry : losses.entrySet()) {
      Menu menu = Objects.requireNonNull(menus.get(entry.getKey()));
      WeightFormat format = formats.getOrDefault(entry.getKey(), menu.options().getLast());
      int option = menu.options().indexOf(format);
      if (option < 0) {
        return OptionalDouble.empty();
      }
      sum += entry.getValue()[option];
    }
    return OptionalDouble.of(sum);
  }

  private static final class Measurement {
    private final Workshop shop;
    private final SequencedMap<String, Menu> menus;
    private final Evidence evidence;
    private final Yardstick yardstick;
    private final String textHash;
    private final Effort effort;
    private final Rounding rounding;
    private final int blocks;

    Measurement(
        Workshop shop,
        SequencedMap<String, Menu> menus,
        Evidence evidence,
        Rounding rounding,
        Samples samples,
        Yardstick allocation,
        Effort effort) {
      this.shop = shop;
      this.menus = menus;
      this.effort = effort;
      this.rounding = rounding;
      this.evidence = evidence;
      this.yardstick =
          effort.integerSwaps() == 0 ? allocation : inIntegers(samples.scoredAllocation());
      this.textHash = samples.allocation().sha256();
      this.blocks = shop.model().blocks().size();
    }

    private Yardstick inIntegers(ScoredText text) {
      int chunks = Math.min(text.chunks(), effort.integerSwaps());
      return Yardstick.inIntegers(
          shop, () -> rounding.inIntegers(menus.keySet()), text.slice(0, chunks), effort.depths());
    }

    LossTable run() {
      SequencedMap<String, Double> probes = new LinkedHashMap<>();
      menus.forEach(
          (name, menu) -> {
            if (inBlock(name)) {
              probes.put(name, scores(name)[probe(menu)]);
            }
          });
      MeasuredSwaps swaps = new MeasuredSwaps(Menus.kinds(menus), effort.depths(), blocks);
      int outsideCount =
          menus.values().stream()
              .filter(menu -> !inBlock(menu.tensor().name()))
              .mapToInt(menu -> Menus.probes(menu, effort.outsideProbes()).size())
              .sum();
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

    private int probe(Menu menu) {
      return effort.integerSwaps() == 0 ? Menus.probe(menu) : Menus.coarseProbe(menu);
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

    /// Scores scaled to what was measured in a few formats, the factor between them in proportion
    /// to bits.
    private double[] outside(String name) {
      Menu menu = Objects.requireNonNull(menus.get(name));
      double[] losses = scores(name).clone();
      ByBits factors = new ByBits();
      for (int option : Menus.probes(menu, effort.outsideProbes())) {
        double kl = outsideKl(name, menu.options().get(option));
        factors.put(bits(menu, option), losses[option] > 0 ? kl / losses[option] : 0);
      }
      for (int option = 0; option < losses.length; option++) {
        losses[option] *= factors.at(bits(menu, option), 1);
      }
      return losses;
    }

    private static double bits(Menu menu, int option) {
      return menu.options().get(option).layout().bitsPerWeight();
    }

    private double outsideKl(String name, WeightFormat format) {
      Key key = klKey("outside-kl").with(name, format.id()).key();
      double kl =
          shop.memo()
              .number(
                  key,
                  () -> {
                    Tensor swapped = rounding.outside(name, format);
                    Model candidate = yardstick.original().with(List.of(swapped));
                    return yardstick.score(candidate).meanDivergence();
                  });
      shop.progress().done(1);
      return kl;
    }

    private double swapped(MeasuredSwaps.Swap swap) {
      SequencedMap<String, WeightFormat> formats = new LinkedHashMap<>();
      int first = blocks;
      for (String name : swap.tensors()) {
        formats.put(name, options(name).get(probe(Objects.requireNonNull(menus.get(name)))));
        first = Math.min(first, TensorKind.of(name).block());
      }
      return kl(formats, first);
    }

    /// Mean KL divergence with these formats, nothing before block `first` changed.
    private double kl(Map<String, WeightFormat> formats, int first) {
      Key key = klKey("kl").with("formats", Choice.ids(formats)).key();
      double kl =
          shop.memo()
              .number(
                  key,
                  () -> {
                    List<Tensor> swapped = rounding.encodedTensors(formats);
                    Model candidate = yardstick.original().with(swapped);
                    return yardstick.score(candidate, first).meanDivergence();
                  });
      shop.progress().done(1);
      return kl;
    }

    private Key.Builder klKey(String kind) {
      Key.Builder key =
          Key.of(kind)
              .with("model", shop.modelHash())
              .with("text", textHash)
              .with("first scored", yardstick.firstScored())
              .with("importance", evidence.source());
      int integerSwaps = effort.integerSwaps();
      return integerSwaps == 0 ? key : key.with("chunks in integers", integerSwaps);
    }
  }
}
