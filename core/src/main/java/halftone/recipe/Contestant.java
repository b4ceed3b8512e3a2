package halftone.recipe;

import halftone.evidence.GradientSource;
import halftone.method.Card;
import halftone.method.Need;
import halftone.quantizer.AdaRound;
import halftone.quantizer.FormatEncoder;
import halftone.quantizer.Gptq;
import halftone.quantizer.MixLlm;
import halftone.quantizer.PartsQuantizer;
import halftone.quantizer.PartsQuantizers;
import halftone.sensitivity.BlockRanking;
import halftone.sensitivity.BlockRankings;
import halftone.sensitivity.SensitivityMetric;
import halftone.sensitivity.SensitivityMetrics;
import halftone.sensitivity.SpikeAware;
import halftone.transform.Transform;
import halftone.transform.Transforms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A way from a model and a size to a file, as it enters the [Arena].
public sealed interface Contestant {
  /// The words that may stand behind a metric's name, joined by `+`.
  String SWAPS = "swaps";

  String EXCHANGES = "exchanges";

  String THRESHOLDS = "thresholds";

  /// The whole road, as `quantize` goes it.
  String ROAD = "halftone";

  /// What it is called on a command line and in tables.
  String id();

  /// What rewrites the network before it is quantized, or null.
  @Nullable Transform transform();

  /// The best of the largest files of a family that fit, by the allocation text.
  enum Family implements Contestant {
    /// llama.cpp's mixtures.
    PRESETS,
    /// One format throughout.
    UNIFORM,
    /// One format throughout, but 16 bits for layers whose inputs spike ([SpikeAware]).
    SPIKE_AWARE;

    @Override
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public @Nullable Transform transform() {
      return null;
    }
  }

  /// Formats by the least sum of a metric's scores.
  ///
  /// @param swaps whether the scores are scaled by measured swaps first; else they are added up as
  ///   they are
  /// @param exchanges whether pairs of tensors exchange bits where a measurement says so
  ///   ([LocalSearch])
  record Search(
      Scoring scoring,
      boolean swaps,
      boolean exchanges,
      Rounding.Way way,
      @Nullable Transform transform)
      implements Contestant {
    @Override
    public String id() {
      return scoring.metric().card().id()
          + (swaps ? "+" + SWAPS : "")
          + (exchanges ? "+" + EXCHANGES : "")
          + (way == Rounding.Way.ENCODERS ? "" : "+" + card(way).id())
          + spelled(transform);
    }
  }

  /// Formats by a score of whole blocks.
  ///
  /// @param gradients null where the ranking needs none
  /// @param thresholds whether two thresholds on the score give a block one of three formats, as
  ///   published; else the least sum of scores times relative squared errors of the weights
  record Ranked(
      BlockRanking ranking,
      @Nullable GradientSource gradients,
      boolean thresholds,
      Rounding.Way way,
      @Nullable Transform transform)
      implements Contestant {
    @Override
    public String id() {
      return ranking.spelled()
          + (thresholds ? "+" + THRESHOLDS : "")
          + (way == Rounding.Way.ENCODERS ? "" : "+" + card(way).id())
          + spelled(transform);
    }
  }

  /// A file of our own layout, widths by the least Gram-weighted error; MixLLM ranks rows itself.
  ///
  /// @param name id of the method's card, with the parameters it was given
  /// @param gradients null where the method needs none
  /// @param swaps whether the errors are scaled by measured swaps first
  record Parts(
      String name,
      PartsQuantizer method,
      @Nullable GradientSource gradients,
      boolean swaps,
      @Nullable Transform transform)
      implements Contestant {
    public Parts {
      if (swaps && method instanceof MixLlm) {
        throw new IllegalArgumentException(
            "mixllm ranks rows by gradients, not widths by scores; leave out swaps");
      }
    }

    @Override
    public String id() {
      return name + (swaps ? "+" + SWAPS : "") + spelled(transform);
    }

    /// The same with swaps, where it has a use for them.
    public Parts swapping() {
      return method instanceof MixLlm ? this : new Parts(name, method, gradients, true, transform);
    }
  }

  private static String spelled(@Nullable Transform transform) {
    return transform == null ? "" : "+" + transform.spelled();
  }

  private static Card card(Rounding.Way way) {
    return switch (way) {
      case FEEDBACK -> new Gptq().card();
      case ADAROUND -> new AdaRound().card();
      case ENCODERS -> new FormatEncoder().card();
    };
  }

  /// Reads a contestant: `presets`, `uniform`, `spike-aware`, `halftone`, the id of a metric's card
  /// and behind it, joined by `+`, `swaps`, `exchanges` and the id of a quantizer's card
  /// (`gram-error+swaps+gptq`); or the id of a ranking of blocks, behind which `thresholds` and a
  /// quantizer may stand (`tdmpq+gptq`); or the id of a method of our own layout, perhaps with
  /// `swaps` (`squeezellm+swaps`). Transforms may stand last (`gptq-groups+value-rotation+awq`).
  ///
  /// @param gradients asked where a method needs them
  /// @throws IllegalArgumentException naming what there is
  static Contestant parse(String text, Supplier<GradientSource> gradients) {
    for (Family family : Family.values()) {
      if (family.id().equals(text)) {
        return family;
      }
    }
    List<String> words = new ArrayList<>(Arrays.asList(text.split("\\+", -1)));
    if (Arrays.stream(Family.values()).anyMatch(each -> each.id().equals(words.getFirst()))) {
      throw new IllegalArgumentException(
          "nothing may stand behind " + words.getFirst() + ": its files are made by the encoders");
    }
    if (words.getFirst().equals(ROAD)) {
      words.removeFirst();
      words.addAll(0, List.of("gram-error", SWAPS, new Gptq().card().id()));
    }
    int first = words.size();
    while (first > 1 && Transforms.isNamed(words.get(first - 1))) {
      first--;
    }
    List<String> rewrites = words.subList(first, words.size());
    Transform transform = rewrites.isEmpty() ? null : Transforms.parse(String.join("+", rewrites));
    rewrites.clear();
    Optional<PartsQuantizer> parts = PartsQuantizers.parse(words.getFirst());
    if (parts.isPresent()) {
      boolean swaps = words.size() > 1 && words.get(1).equals(SWAPS);
      if (words.size() > (swaps ? 2 : 1)) {
        throw unknown(words.getLast());
      }
      boolean asks = parts.get().card().needs().contains(Need.GRADIENTS);
      return new Parts(
          words.getFirst(), parts.get(), asks ? gradients.get() : null, swaps, transform);
    }
    Optional<BlockRanking> ranking = BlockRankings.parse(words.getFirst());
    return ranking.isPresent()
        ? ranked(ranking.get(), words, gradients, transform)
        : search(words, gradients, transform);
  }

  private static Ranked ranked(
      BlockRanking ranking,
      List<String> words,
      Supplier<GradientSource> gradients,
      @Nullable Transform transform) {
    boolean thresholds = false;
    Rounding.Way way = Rounding.Way.ENCODERS;
    for (String word : words.subList(1, words.size())) {
      if (word.equals(THRESHOLDS)) {
        thresholds = true;
      } else {
        way = way(word);
      }
    }
    boolean asks = ranking.card().needs().contains(Need.GRADIENTS);
    return new Ranked(ranking, asks ? gradients.get() : null, thresholds, way, transform);
  }

  private static Rounding.Way way(String word) {
    return Arrays.stream(Rounding.Way.values())
        .filter(each -> card(each).id().equals(word))
        .findFirst()
        .orElseThrow(() -> unknown(word));
  }

  private static Search search(
      List<String> words, Supplier<GradientSource> gradients, @Nullable Transform transform) {
    SensitivityMetric metric =
        SensitivityMetrics.ALL.stream()
            .filter(each -> each.card().id().equals(words.getFirst()))
            .findFirst()
            .orElseThrow(() -> unknown(words.getFirst()));
    boolean swaps = false;
    boolean exchanges = false;
    Rounding.Way way = Rounding.Way.ENCODERS;
    for (String word : words.subList(1, words.size())) {
      if (word.equals(SWAPS)) {
        swaps = true;
      } else if (word.equals(EXCHANGES)) {
        exchanges = true;
      } else {
        way = way(word);
      }
    }
    GradientSource source = Scoring.needsGradients(metric) ? gradients.get() : null;
    return new Search(new Scoring(metric, source), swaps, exchanges, way, transform);
  }

  private static IllegalArgumentException unknown(String word) {
    if (Transforms.isNamed(word)) {
      return new IllegalArgumentException(
          "'%s' is a transform: it stands behind all that is no transform".formatted(word));
    }
    String firsts =
        Stream.of(SensitivityMetrics.ALL, BlockRankings.ALL, PartsQuantizers.ALL)
            .flatMap(List::stream)
            .map(each -> each.card().id())
            .collect(Collectors.joining(", "));
    String transforms =
        Transforms.ALL.stream().map(each -> each.card().id()).collect(Collectors.joining(", "));
    return new IllegalArgumentException(
        "the arena knows no '%s'; there are presets, uniform, spike-aware, halftone, and %s; behind a metric may stand +%s, +%s, +%s or +%s, behind a ranking of blocks +%s, behind a method of our own layout +%s, behind all of them a transform: %s"
            .formatted(
                word,
                firsts,
                SWAPS,
                EXCHANGES,
                new Gptq().card().id(),
                new AdaRound().card().id(),
                THRESHOLDS,
                SWAPS,
                transforms));
  }
}
