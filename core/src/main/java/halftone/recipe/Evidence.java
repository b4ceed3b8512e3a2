package halftone.recipe;

import halftone.evidence.InputMoments;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.GramError;
import halftone.sensitivity.ImportanceError;
import halftone.sensitivity.Menu;
import halftone.sensitivity.RoundingLoss;
import halftone.sensitivity.SensitivityMetric;
import halftone.sensitivity.TensorKind;
import halftone.sensitivity.WeightError;
import halftone.store.Key;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.text.Chunks;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the calibration text says: importance of every linear layer's inputs, and the score of
/// every format on every menu.
///
/// @param source hashes of what it was gathered from
/// @param importance mean squares of the inputs, by weight
/// @param scores rounding loss of each option of each menu, in units of the metric
/// @param outsideGrams Σ x xᵀ of the inputs of layers outside the blocks, by weight
record Evidence(
    String source,
    Map<String, float[]> importance,
    SequencedMap<String, double[]> scores,
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
      @Nullable Given given) {
    Gatherer gatherer = new Gatherer(shop, menus, calibration, effort, given);
    return gatherer.isFinished() ? gatherer.remembered() : gatherer.run();
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
    private final @Nullable Given given;
    private final RoundingLoss scorer;
    private final RoundingLoss blindScorer;
    private final Map<String, float[]> importance = new LinkedHashMap<>();
    private final SequencedMap<String, double[]> scores = new LinkedHashMap<>();
    private final Map<String, Tensor> outsideGrams = new LinkedHashMap<>();

    Gatherer(
        Workshop shop,
        SequencedMap<String, Menu> menus,
        Chunks calibration,
        Effort effort,
        @Nullable Given given) {
      this.shop = shop;
      this.menus = menus;
      this.calibration = calibration;
      this.effort = effort;
      this.given = given;
      SensitivityMetric metric = effort.gptq() ? new GramError() : new ImportanceError();
      this.scorer = new RoundingLoss(metric, effort.sampledRows());
      this.blindScorer = new RoundingLoss(new WeightError(), effort.sampledRows());
    }

    boolean isFinished() {
      return menus.values().stream()
          .allMatch(
              menu ->
                  shop.memo().has(scoreKey(menu))
                      && shop.memo().has(momentsKey(menu))
                      && (!hasOutsideGram(menu.tensor()) || knownGram(menu.tensor()).isPresent()));
    }

    Evidence remembered() {
      menus.forEach(
          (name, menu) -> {
            scores.put(name, shop.memo().numbers(scoreKey(menu)));
            keepImportance(name, shop.memo().numbers(momentsKey(menu)));
            if (hasOutsideGram(menu.tensor())) {
              knownGram(menu.tensor()).ifPresent(gram -> outsideGrams.put(name, gram));
            }
          });
      return finished();
    }

    Evidence run() {
      shop.progress().step("calibration", shop.model().blocks().size() + 1);
      CalibrationPass.run(
          shop.model(),
          calibration.tokens(),
          effort.gptq() ? CalibrationPass.Grams.ALL : CalibrationPass.Grams.HEAD,
          shop.workers(),
          shop.progress(),
          (stage, moments) -> moments.forEach(this::read));
      for (Menu menu : menus.values()) {
        if (!scores.containsKey(menu.tensor().name())) {
          shop.memo().put(momentsKey(menu), new double[0]);
          score(menu, null);
        }
      }
      return finished();
    }

    private Evidence finished() {
      SequencedMap<String, double[]> inOrder = new LinkedHashMap<>();
      menus.keySet().forEach(name -> inOrder.put(name, scores.getOrDefault(name, new double[0])));
      return given == null
          ? new Evidence(calibration.sha256(), importance, inOrder, outsideGrams)
          : new Evidence(
              given.hash() + " " + calibration.sha256(), given.importance(), inOrder, outsideGrams);
    }

    private void read(String weight, InputMoments moments) {
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
      score(menu, moments);
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
              () -> floats(tensor.name(), shape, moments.requireGram()));
    }

    private static Tensor floats(String name, Shape shape, float[] values) {
      ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
      bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
      return new Tensor(name, shape, NumberFormats.named("F32"), MemorySegment.ofBuffer(bytes));
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

    private void score(Menu menu, @Nullable InputMoments moments) {
      Key key = scoreKey(menu);
      RoundingLoss loss = moments == null ? blindScorer : scorer;
      double[] values = new double[menu.options().size()];
      for (int option = 0; option < values.length && !shop.memo().has(key); option++) {
        WeightFormat format = menu.options().get(option);
        values[option] =
            loss.measure(menu.tensor(), format, encoderImportance(menu), moments, shop.workers());
      }
      if (!shop.memo().has(key)) {
        shop.memo().put(key, values);
      }
      scores.put(menu.tensor().name(), shop.memo().numbers(key));
    }

    /// What the encoder will be given when the file is made.
    private float @Nullable [] encoderImportance(Menu menu) {
      Map<String, float[]> source = given == null ? importance : given.importance();
      return source.get(menu.tensor().name());
    }

    private Key scoreKey(Menu menu) {
      return Key.of("score")
          .with("model", shop.modelHash())
          .with("calibration", calibration.sha256())
          .with("importance", given == null ? "" : given.hash())
          .with("metric", scorer.toString())
          .with("tensor", menu.tensor().name())
          .with("formats", ids(menu))
          .key();
    }

    private static String ids(Menu menu) {
      return menu.options().stream().map(WeightFormat::id).collect(Collectors.joining(" "));
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
