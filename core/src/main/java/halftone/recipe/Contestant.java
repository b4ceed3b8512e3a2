package halftone.recipe;

import halftone.method.Card;
import halftone.quantizer.FormatEncoder;
import halftone.quantizer.Gptq;
import halftone.sensitivity.SensitivityMetric;
import halftone.sensitivity.SensitivityMetrics;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A way from a model and a size to a file, as it enters the [Arena].
public sealed interface Contestant {
  /// The words that may stand behind a metric's name, joined by `+`.
  String SWAPS = "swaps";

  /// The whole road, as `quantize` goes it.
  String ROAD = "halftone";

  /// What it is called on a command line and in tables.
  String id();

  /// The best of the largest files of a family that fit, by the allocation text.
  enum Family implements Contestant {
    /// llama.cpp's mixtures.
    PRESETS,
    /// One format throughout.
    UNIFORM;

    @Override
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Formats by the least sum of a metric's scores.
  ///
  /// @param swaps whether the scores are scaled by measured swaps first; else they are added up as
  ///   they are
  /// @param gptq whether GPTQ rounds; else the formats' own encoders
  record Search(Scoring scoring, boolean swaps, boolean gptq) implements Contestant {
    @Override
    public String id() {
      return scoring.metric().card().id()
          + (swaps ? "+" + SWAPS : "")
          + (gptq ? "+" + new Gptq().card().id() : "");
    }

    Rounding.Way way() {
      return gptq ? Rounding.Way.FEEDBACK : Rounding.Way.ENCODERS;
    }
  }

  /// Reads a contestant: `presets`, `uniform`, `halftone`, or the id of a metric's card and behind
  /// it, joined by `+`, `swaps` and the id of a quantizer's card: `gram-error+swaps+gptq`.
  ///
  /// @param scoring gives a metric what it needs
  /// @throws IllegalArgumentException naming what there is
  static Contestant parse(String text, Function<SensitivityMetric, Scoring> scoring) {
    for (Family family : Family.values()) {
      if (family.id().equals(text)) {
        return family;
      }
    }
    if (text.equals(ROAD)) {
      return new Search(Scoring.usual(Effort.BALANCED), true, true);
    }
    List<String> words = Arrays.asList(text.split("\\+", -1));
    SensitivityMetric metric =
        SensitivityMetrics.ALL.stream()
            .filter(each -> each.card().id().equals(words.getFirst()))
            .findFirst()
            .orElseThrow(() -> unknown(words.getFirst()));
    boolean swaps = false;
    boolean gptq = false;
    for (String word : words.subList(1, words.size())) {
      if (word.equals(SWAPS)) {
        swaps = true;
      } else if (word.equals(new Gptq().card().id())) {
        gptq = true;
      } else if (!word.equals(new FormatEncoder().card().id())) {
        throw unknown(word);
      }
    }
    return new Search(scoring.apply(metric), swaps, gptq);
  }

  private static IllegalArgumentException unknown(String word) {
    String metrics =
        SensitivityMetrics.ALL.stream()
            .map(SensitivityMetric::card)
            .map(Card::id)
            .collect(Collectors.joining(", "));
    return new IllegalArgumentException(
        "the arena knows no '%s'; there are presets, uniform, halftone, and %s, behind which +%s and +%s may stand"
            .formatted(word, metrics, SWAPS, new Gptq().card().id()));
  }
}
