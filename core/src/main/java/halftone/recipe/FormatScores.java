package halftone.recipe;

import halftone.evidence.LayerEvidence;
import halftone.method.Need;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.GramError;
import halftone.sensitivity.Menu;
import halftone.sensitivity.RoundingErrors;
import halftone.sensitivity.RoundingLoss;
import halftone.sensitivity.WeightError;
import halftone.store.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The score of every format on every menu, by the metric and, where that is one of gradients, by
/// the Gram-weighted error too: what it is compared with. A menu's scores are kept in the store.
final class FormatScores {
  private final Workshop shop;
  private final String calibration;
  private final String importance;
  private final int sampledRows;
  private final List<RoundingLoss> scorers = new ArrayList<>();
  private final List<SequencedMap<String, double[]>> scores = new ArrayList<>();

  /// @param calibration hash of the calibration text
  /// @param importance hash of the importance matrix the user brought, or nothing
  FormatScores(
      Workshop shop, String calibration, String importance, Scoring scoring, int sampledRows) {
    this.shop = shop;
    this.calibration = calibration;
    this.importance = importance;
    this.sampledRows = sampledRows;
    scorers.add(new RoundingLoss(scoring.metric(), sampledRows));
    if (Scoring.needsGradients(scoring.metric())) {
      scorers.add(new RoundingLoss(new GramError(), sampledRows));
    }
    scorers.forEach(scorer -> scores.add(new LinkedHashMap<>()));
  }

  /// Takes a menu's scores from the store, where all are there.
  boolean recall(Menu menu) {
    if (!scorers.stream().allMatch(scorer -> shop.memo().has(key(scorer, menu)))) {
      return false;
    }
    for (int i = 0; i < scorers.size(); i++) {
      scores.get(i).put(menu.tensor().name(), shop.memo().numbers(key(scorers.get(i), menu)));
    }
    return true;
  }

  boolean has(Menu menu) {
    return scores.getFirst().containsKey(menu.tensor().name());
  }

  /// Scores a menu's formats, or takes what is in the store.
  ///
  /// @param given importance the encoder will be given when the file is made, or null
  void score(Menu menu, float @Nullable [] given, LayerEvidence layer) {
    if (recall(menu)) {
      return;
    }
    double[][] losses = new double[scorers.size()][menu.options().size()];
    for (int option = 0; option < menu.options().size(); option++) {
      WeightFormat format = menu.options().get(option);
      RoundingErrors errors =
          RoundingErrors.of(menu.tensor(), format, given, sampledRows, shop.workers());
      for (int i = 0; i < losses.length; i++) {
        losses[i][option] = fitting(scorers.get(i), layer).of(errors, layer, shop.workers());
      }
    }
    for (int i = 0; i < losses.length; i++) {
      shop.memo().put(key(scorers.get(i), menu), losses[i]);
    }
    recall(menu);
  }

  /// The scorer, or the one that makes do with what is known of a tensor outside the blocks: its
  /// scores are scaled to measurements of its own and need no common unit.
  private RoundingLoss fitting(RoundingLoss scorer, LayerEvidence layer) {
    Set<Need> needs = scorer.metric().card().needs();
    if (layer.inputs() == null) {
      return new RoundingLoss(new WeightError(), sampledRows);
    }
    boolean lacks =
        needs.contains(Need.OUTPUT_GRADIENTS) && layer.outputs() == null
            || needs.contains(Need.GRADIENTS) && layer.gradients() == null;
    return lacks ? new RoundingLoss(new GramError(), sampledRows) : scorer;
  }

  /// By the metric, in the order of these menus.
  SequencedMap<String, double[]> byMetric(SequencedMap<String, Menu> menus) {
    return inOrder(scores.getFirst(), menus);
  }

  /// By the Gram-weighted error, or null where that was not asked for beside the metric.
  @Nullable SequencedMap<String, double[]> byGram(SequencedMap<String, Menu> menus) {
    return scores.size() == 1 ? null : inOrder(scores.getLast(), menus);
  }

  private static SequencedMap<String, double[]> inOrder(
      SequencedMap<String, double[]> scores, SequencedMap<String, Menu> menus) {
    SequencedMap<String, double[]> ordered = new LinkedHashMap<>();
    menus.keySet().forEach(name -> ordered.put(name, scores.getOrDefault(name, new double[0])));
    return ordered;
  }

  private Key key(RoundingLoss scorer, Menu menu) {
    return Key.of("score")
        .with("model", shop.modelHash())
        .with("calibration", calibration)
        .with("importance", importance)
        .with("metric", scorer.toString())
        .with("tensor", menu.tensor().name())
        .with(
            "formats",
            menu.options().stream().map(WeightFormat::id).collect(Collectors.joining(" ")))
        .key();
  }
}
