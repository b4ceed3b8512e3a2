package halftone.recipe;

import halftone.evidence.InputMoments;
import halftone.evidence.LayerEvidence;
import halftone.method.Need;
import halftone.numeric.NumberFormats;
import halftone.sensitivity.Menu;
import halftone.sensitivity.TensorKind;
import halftone.store.Key;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.text.Chunks;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What the calibration text says: importance of every linear layer's inputs, and the score of
/// every format on every menu.
///
/// @param source hashes of what it was gathered from
/// @param importance mean squares of the inputs, by weight
/// @param scores rounding loss of each option of each menu, in units of the metric
/// @param gramScores the same by the Gram-weighted error, where the metric is one of gradients:
///   what it is compared with; else null
/// @param outsideGrams Σ x xᵀ of the inputs of layers outside the blocks, by weight
record Evidence(
    String source,
    Map<String, float[]> importance,
    SequencedMap<String, double[]> scores,
    @Nullable SequencedMap<String, double[]> gramScores,
    Map<String, Tensor> outsideGrams) {
  /// An importance matrix the user brought, and the hash of its file.
  record Given(String hash, Map<String, float[]> importance) {}

  /// Gathers it in one pass, or takes it from the memo where every unit is there.
  ///
  /// @param given importance to use instead of the text's, or null
  static Evidence gather(
      Workshop shop,
      SequencedMap<String, Menu> menus,
      Chunks calibration,
      Effort effort,
      Scoring scoring,
      @Nullable Given given) {
    Gatherer gatherer = new Gatherer(shop, menus, calibration, effort, scoring, given);
    return gatherer.isFinished() ? gatherer.remembered() : gatherer.run();
  }

  /// The same with formats scored by the Gram-weighted error; empty where that is the metric, or
  /// none of gradients is.
  Optional<Evidence> byGram() {
    return Optional.ofNullable(gramScores)
        .map(scored -> new Evidence(source, importance, scored, null, outsideGrams));
  }

  /// Importance of a weight's inputs, or null for one that no linear layer reads.
  float @Nullable [] importanceOf(String weight) {
    return importance.get(weight);
  }

  private static final class Gatherer {
    private final Workshop shop;
    private final SequencedMap<String, Menu> menus;
    private final Chunks calibration;
    private final Effort effort;
    private final Scoring scoring;
    private final @Nullable Given given;
    private final FormatScores scores;
    private final Map<String, float[]> importance = new LinkedHashMap<>();
    private final Map<String, Tensor> outsideGrams = new LinkedHashMap<>();

    Gatherer(
        Workshop shop,
        SequencedMap<String, Menu> menus,
        Chunks calibration,
        Effort effort,
        Scoring scoring,
        @Nullable Given given) {
      this.shop = shop;
      this.menus = menus;
      this.calibration = calibration;
      this.effort = effort;
      this.scoring = scoring;
      this.given = given;
      this.scores =
          new FormatScores(
              shop,
              calibration.sha256(),
              given == null ? "" : given.hash(),
              scoring,
              effort.sampledRows());
    }

    boolean isFinished() {
      return menus.values().stream()
          .allMatch(
              menu ->
                  scores.recall(menu)
                      && shop.memo().has(momentsKey(menu))
                      && (!hasOutsideGram(menu.tensor()) || knownGram(menu.tensor()).isPresent()));
    }

    Evidence remembered() {
      menus.forEach(
          (name, menu) -> {
            keepImportance(name, shop.memo().numbers(momentsKey(menu)));
            if (hasOutsideGram(menu.tensor())) {
              knownGram(menu.tensor()).ifPresent(gram -> outsideGrams.put(name, gram));
            }
          });
      return finished();
    }

    Evidence run() {
      GradientEvidence gradients =
          GradientEvidence.gather(shop, menus, calibration, scoring, effort.sampledRows());
      shop.progress().step("calibration", shop.model().blocks().size() + 1);
      CalibrationPass.run(
          shop.model(),
          calibration.tokens(),
          needsGrams() ? CalibrationPass.Grams.ALL : CalibrationPass.Grams.HEAD,
          shop.workers(),
          shop.progress(),
          (stage, moments) -> moments.forEach((weight, known) -> read(weight, known, gradients)));
      for (Menu menu : menus.values()) {
        if (!importance.containsKey(menu.tensor().name())) {
          shop.memo().put(momentsKey(menu), new double[0]);
          scores.score(menu, encoderImportance(menu), LayerEvidence.NONE);
        }
      }
      return finished();
    }

    private boolean needsGrams() {
      return effort.gptq()
          || scoring.metric().card().needs().contains(Need.GRAM)
          || Scoring.needsGradients(scoring.metric());
    }

    private Evidence finished() {
      return new Evidence(
          (given == null ? "" : given.hash() + " ") + calibration.sha256(),
          given == null ? importance : given.importance(),
          scores.byMetric(menus),
          scores.byGram(menus),
          outsideGrams);
    }

    private void read(String weight, InputMoments moments, GradientEvidence gradients) {
      Menu menu = menus.get(weight);
      if (menu == null) {
        importance.put(weight, moments.importance());
        return;
      }
      double[] means = new double[moments.width()];
      for (int j = 0; j < means.length; j++) {
        means[j] = moments.importance()[j];
      }
      shop.memo().put(momentsKey(menu), means);
      keepImportance(weight, means);
      if (hasOutsideGram(menu.tensor())) {
        outsideGrams.put(weight, keptGram(menu.tensor(), moments));
      }
      scores.score(menu, encoderImportance(menu), gradients.layer(weight, moments));
    }

    private boolean hasOutsideGram(Tensor tensor) {
      return !TensorKind.of(tensor.name()).inBlock()
          && shop.model().linears().contains(tensor.name());
    }

    private Optional<Tensor> knownGram(Tensor tensor) {
      return shop.memo()
          .tensor(gramKey(tensor), tensor.name(), gramShape(tensor), NumberFormats.named("F32"));
    }

    private Tensor keptGram(Tensor tensor, InputMoments moments) {
      Shape shape = gramShape(tensor);
      return shop.memo()
          .tensor(
              gramKey(tensor),
              tensor.name(),
              shape,
              NumberFormats.named("F32"),
              () -> Tensor.ofFloats(tensor.name(), shape, moments.requireGram()));
    }

    private static Shape gramShape(Tensor tensor) {
      return Shape.of(tensor.shape().columns(), tensor.shape().columns());
    }

    private void keepImportance(String weight, double[] means) {
      if (means.length > 0) {
        float[] values = new float[means.length];
        for (int j = 0; j < values.length; j++) {
          values[j] = (float) means[j];
        }
        importance.put(weight, values);
      }
    }

    /// What the encoder will be given when the file is made.
    private float @Nullable [] encoderImportance(Menu menu) {
      Map<String, float[]> source = given == null ? importance : given.importance();
      return source.get(menu.tensor().name());
    }

    private Key gramKey(Tensor tensor) {
      return Key.of("gram")
          .with("model", shop.modelHash())
          .with("calibration", calibration.sha256())
          .with("tensor", tensor.name())
          .key();
    }

    private Key momentsKey(Menu menu) {
      return Key.of("importance")
          .with("model", shop.modelHash())
          .with("calibration", calibration.sha256())
          .with("tensor", menu.tensor().name())
          .key();
    }
  }
}
