package halftone.recipe;

import halftone.evidence.GradientSource;
import halftone.evidence.GradientTap;
import halftone.evidence.InputMoments;
import halftone.evidence.Labels;
import halftone.evidence.LayerEvidence;
import halftone.evidence.OutputMomentCollector;
import halftone.evidence.OutputMoments;
import halftone.evidence.RowGradientCollector;
import halftone.evidence.RowGradients;
import halftone.method.Need;
import halftone.model.Stage;
import halftone.numeric.NumberFormats;
import halftone.runtime.Activations;
import halftone.sensitivity.Menu;
import halftone.sensitivity.RowSample;
import halftone.sensitivity.TensorKind;
import halftone.store.Key;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.text.Chunks;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What a metric that differentiates asks of the calibration text: one pass forward and backward,
/// each tensor's part kept in the store.
final class GradientEvidence {
  /// Of the labels drawn for the Fisher information.
  private static final long SEED = 0;

  private final Workshop shop;
  private final SequencedMap<String, Menu> menus;
  private final Chunks calibration;
  private final Scoring scoring;
  private final int sampledRows;
  private final Map<String, OutputMoments> outputs = new HashMap<>();
  private final Map<String, RowGradients> gradients = new HashMap<>();

  private GradientEvidence(
      Workshop shop,
      SequencedMap<String, Menu> menus,
      Chunks calibration,
      Scoring scoring,
      int sampledRows) {
    this.shop = shop;
    this.menus = menus;
    this.calibration = calibration;
    this.scoring = scoring;
    this.sampledRows = sampledRows;
  }

  /// Gathers what the metric needs, or takes it from the memo where every tensor is there; does
  /// nothing for a metric that needs no gradients.
  static GradientEvidence gather(
      Workshop shop,
      SequencedMap<String, Menu> menus,
      Chunks calibration,
      Scoring scoring,
      int sampledRows) {
    GradientEvidence evidence =
        new GradientEvidence(shop, menus, calibration, scoring, sampledRows);
    GradientSource source = scoring.gradients();
    if (source != null && Scoring.needsGradients(scoring.metric()) && !evidence.remembered()) {
      evidence.run(source);
    }
    return evidence;
  }

  /// All that is known of a layer.
  LayerEvidence layer(String weight, @Nullable InputMoments inputs) {
    return new LayerEvidence(inputs, outputs.get(weight), gradients.get(weight));
  }

  private boolean byRows() {
    return scoring.metric().card().needs().contains(Need.GRADIENTS);
  }

  private boolean remembered() {
    for (Menu menu : menus.values()) {
      if (isAsked(menu) && !(byRows() ? knownRows(menu) : knownMoments(menu))) {
        return false;
      }
    }
    return true;
  }

  /// Weights of linear layers; gradients by rows are not gathered for the output product, whose
  /// loss is measured anyway.
  private boolean isAsked(Menu menu) {
    String name = menu.tensor().name();
    return shop.model().linears().contains(name) && (!byRows() || TensorKind.of(name).inBlock());
  }

  private boolean knownMoments(Menu menu) {
    Key key = momentsKey(menu.tensor().name());
    if (!shop.memo().has(key)) {
      return false;
    }
    double[] numbers = shop.memo().numbers(key);
    float[] squares = new float[numbers.length];
    for (int i = 0; i < squares.length; i++) {
      squares[i] = (float) numbers[i];
    }
    outputs.put(menu.tensor().name(), new OutputMoments(squares, null));
    return true;
  }

  private boolean knownRows(Menu menu) {
    RowSample sample = RowSample.of(menu.tensor(), sampledRows);
    int rows = Math.toIntExact(sample.shape().rows());
    int samples = calibration.count();
    Shape shape = Shape.of(sample.shape().columns(), (long) samples * rows);
    String name = menu.tensor().name();
    Optional<Tensor> known =
        shop.memo().tensor(rowsKey(name), name, shape, NumberFormats.named("F32"));
    known.ifPresent(values -> gradients.put(name, new RowGradients(samples, rows, values)));
    return known.isPresent();
  }

  private void run(GradientSource source) {
    shop.progress().step("gradients", shop.model().blocks().size() + 1);
    Labels labels = byRows() ? Labels.NEXT_TOKEN : Labels.SAMPLED;
    GradientTap collector =
        byRows()
            ? new RowGradientCollector(this::sampled, shop.workers(), (stage, rows) -> keep(rows))
            : new OutputMomentCollector(
                shop.model(),
                false,
                shop.workers(),
                (stage, moments) -> moments.forEach(this::keep));
    source.differentiate(shop.model(), calibration.tokens(), labels, SEED, counting(collector));
    if (!remembered()) {
      throw new IllegalStateException("a linear layer was not among those differentiated");
    }
  }

  private int @Nullable [] sampled(String weight) {
    Menu menu = menus.get(weight);
    return menu == null || !isAsked(menu)
        ? null
        : RowSample.of(menu.tensor(), sampledRows).chosen();
  }

  private void keep(String weight, OutputMoments moments) {
    double[] numbers = new double[moments.width()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = moments.squares()[i];
    }
    shop.memo().put(momentsKey(weight), numbers);
  }

  private void keep(Map<String, List<float[]>> rows) {
    rows.forEach(
        (weight, samples) -> {
          Tensor tensor = Objects.requireNonNull(menus.get(weight)).tensor();
          RowSample sample = RowSample.of(tensor, sampledRows);
          Shape shape = Shape.of(sample.shape().columns(), samples.size() * sample.shape().rows());
          shop.memo()
              .tensor(
                  rowsKey(weight),
                  weight,
                  shape,
                  NumberFormats.named("F32"),
                  () -> floats(weight, shape, samples));
        });
  }

  private static Tensor floats(String name, Shape shape, List<float[]> parts) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(shape.elements() * Float.BYTES));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    parts.forEach(
        part -> {
          bytes.asFloatBuffer().put(part);
          bytes.position(bytes.position() + part.length * Float.BYTES);
        });
    return new Tensor(
        name, shape, NumberFormats.named("F32"), MemorySegment.ofBuffer(bytes.flip()));
  }

  private Key momentsKey(String tensor) {
    return key("output-gradients", tensor).key();
  }

  private Key rowsKey(String tensor) {
    return key("row-gradients", tensor).with("rows", sampledRows).key();
  }

  private Key.Builder key(String kind, String tensor) {
    return Key.of(kind)
        .with("model", shop.modelHash())
        .with("calibration", calibration.sha256())
        .with("seed", SEED)
        .with("tensor", tensor);
  }

  /// The collector, with a mark of progress for each stage.
  private GradientTap counting(GradientTap collector) {
    return new GradientTap() {
      @Override
      public void layer(String weight, Activations inputs, Activations outputs) {
        collector.layer(weight, inputs, outputs);
      }

      @Override
      public void release(Activations stream) {
        collector.release(stream);
      }

      @Override
      public void end(Stage stage) {
        collector.end(stage);
        shop.progress().done(1);
      }
    };
  }
}
