package halftone.recipe;

import halftone.allocation.Allocation;
import halftone.allocation.InfeasibleBudgetException;
import halftone.allocation.MultipleChoiceKnapsack;
import halftone.allocation.Problem;
import halftone.allocation.Resource;
import halftone.evidence.GradientSource;
import halftone.evidence.LayerEvidence;
import halftone.evidence.RowGradients;
import halftone.huggingface.HalftoneWriter;
import halftone.method.Need;
import halftone.model.Model;
import halftone.parts.Composite;
import halftone.quantizer.HalfQuadratic;
import halftone.quantizer.LayerKnowledge;
import halftone.quantizer.MixLlm;
import halftone.quantizer.PartsQuantizer;
import halftone.sensitivity.FirstOrderLoss;
import halftone.sensitivity.GramError;
import halftone.sensitivity.Menu;
import halftone.store.Key;
import halftone.tensor.Tensor;
import halftone.text.Chunks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A file of our own layout by one method: every weight is quantized at every width, what that
/// costs in bytes and in Gram-weighted error, perhaps scaled to nats, is known then, and the
/// knapsack chooses a width for each. Which rows MixLLM promotes, [RowRanking] decides.
///
/// Layers see the inputs they had in the original. What a width costs is in the store.
final class PartsSearch {
  /// Rows whose errors are multiplied with a Gram matrix at once.
  private static final int ROWS = 2048;

  /// Of a weight that no linear layer reads: nothing is known of it.
  private static final HalfQuadratic UNREAD = new HalfQuadratic();

  private static final int UNREAD_BITS = 4;

  private final Workshop shop;
  private final PartsQuantizer method;
  private final Samples samples;
  private final @Nullable NatsPerScore scale;
  private final GradientEvidence gradients;
  private final List<String> names;

  /// Weights in parts.
  ///
  /// @param predicted Gram-weighted error, in nats where swaps were measured; NaN where nothing was
  ///   predicted
  /// @param bytes of the file
  record Made(SequencedMap<String, Composite> composites, double predicted, long bytes) {
    /// The workshop's network with these weights, and with biases that wait for it filled.
    Model applied(Workshop shop, Chunks calibration) {
      List<Tensor> tensors = new ArrayList<>();
      composites.forEach((name, composite) -> tensors.add(composite.tensor(name)));
      return FilledBiases.of(shop, calibration, shop.model().with(tensors));
    }
  }

  /// @param scale what errors are worth, or null where they are added up as they are
  PartsSearch(
      Workshop shop,
      Contestant.Parts asked,
      Samples samples,
      SequencedMap<String, Menu> menus,
      @Nullable NatsPerScore scale) {
    this.shop = shop;
    this.method = asked.method();
    this.scale = scale;
    GradientSource source = asked.gradients();
    this.samples = samples;
    this.names = List.copyOf(menus.keySet());
    boolean asksGradients = method.card().needs().contains(Need.GRADIENTS);
    if (asksGradients && source == null) {
      throw new IllegalArgumentException(
          method.card().id() + " needs something that differentiates networks");
    }
    Scoring scoring =
        asksGradients
            ? new Scoring(FirstOrderLoss.STANDARD, source)
            : Scoring.usual(Effort.BALANCED);
    this.gradients =
        GradientEvidence.gather(shop, menus, samples.calibration(), scoring, Integer.MAX_VALUE);
  }

  private @Nullable RowGradients gradients(String weight) {
    return gradients.layer(weight, null).gradients();
  }

  /// The least error of at most so many bytes of file.
  ///
  /// @throws InfeasibleBudgetException when the smallest widths take more
  Made within(long limit) {
    if (method instanceof MixLlm mix) {
      return new RowRanking(shop, mix, names, this::gradients, this::make).within(limit);
    }
    SequencedMap<String, double[][]> table = table();
    long allowed = limit;
    while (true) {
      Allocation allocation = MultipleChoiceKnapsack.STANDARD.allocate(problem(table, allowed));
      Map<String, Integer> widths = widths(table, allocation);
      SequencedMap<String, Composite> made =
          make((name, known) -> quantize(name, widths.getOrDefault(name, UNREAD_BITS), known));
      long bytes = bytes(made);
      if (bytes <= limit) {
        return new Made(made, allocation.loss(), bytes);
      }
      // Headers are not in the table; what they take is known now.
      allowed -= bytes - limit;
    }
  }

  private long bytes(SequencedMap<String, Composite> made) {
    return fileBytes(shop.model(), made);
  }

  static long fileBytes(Model model, SequencedMap<String, Composite> made) {
    return HalftoneWriter.bytes(model.metadata(), model.tensors().values(), made);
  }

  /// Makes a weight when what is known of its layer is at hand.
  interface Maker {
    Composite make(String name, LayerKnowledge known);
  }

  /// All weights, stage by stage.
  private SequencedMap<String, Composite> make(Maker maker) {
    Map<String, Composite> made = new LinkedHashMap<>();
    shop.progress().step(method.card().id(), shop.model().blocks().size() + 1);
    KnowledgePass.run(
        shop,
        samples.calibration().tokens(),
        this::gradients,
        layers ->
            layers.forEach(
                (name, known) -> {
                  if (names.contains(name)) {
                    made.put(name, maker.make(name, known));
                  }
                }));
    SequencedMap<String, Composite> ordered = new LinkedHashMap<>();
    for (String name : names) {
      Composite composite = made.get(name);
      ordered.put(name, composite == null ? unread(name) : composite);
    }
    return ordered;
  }

  private Composite unread(String name) {
    return UNREAD.quantize(name, tensor(name), UNREAD_BITS, LayerKnowledge.NONE, shop.workers());
  }

  private Composite quantize(String name, int bits, LayerKnowledge known) {
    return method.quantize(name, tensor(name), bits, known, shop.workers());
  }

  /// Error and bytes of every width of every weight.
  private SequencedMap<String, double[][]> table() {
    if (!names.stream().allMatch(this::isKnown)) {
      shop.progress().step(method.card().id() + ", widths", shop.model().blocks().size() + 1);
      KnowledgePass.run(
          shop,
          samples.calibration().tokens(),
          this::gradients,
          layers -> layers.forEach(this::measure));
      for (String name : names) {
        if (!isKnown(name)) {
          shop.memo().put(key(name, UNREAD_BITS), new double[] {0, unread(name).bytes()});
        }
      }
    }
    SequencedMap<String, double[][]> table = new LinkedHashMap<>();
    for (String name : names) {
      List<double[]> options = new ArrayList<>();
      for (int bits : method.widths()) {
        if (shop.memo().has(key(name, bits))) {
          double[] known = shop.memo().numbers(key(name, bits));
          options.add(new double[] {known[0] * worth(name, known[1]), known[1], bits});
        }
      }
      if (options.isEmpty()) {
        double[] known = shop.memo().numbers(key(name, UNREAD_BITS));
        options.add(new double[] {known[0], known[1], UNREAD_BITS});
      }
      table.put(name, options.toArray(double[][]::new));
    }
    return table;
  }

  private double worth(String name, double bytes) {
    return scale == null ? 1 : scale.at(name, 8 * bytes / tensor(name).shape().elements());
  }

  private boolean isKnown(String name) {
    return method.widths().stream().allMatch(bits -> shop.memo().has(key(name, bits)))
        || shop.memo().has(key(name, UNREAD_BITS)) && !shop.model().linears().contains(name);
  }

  private void measure(String name, LayerKnowledge known) {
    if (!names.contains(name)) {
      return;
    }
    for (int bits : method.widths()) {
      Key key = key(name, bits);
      if (!shop.memo().has(key)) {
        Composite composite = quantize(name, bits, known);
        shop.memo().put(key, new double[] {loss(name, composite, known), composite.bytes()});
      }
    }
  }

  /// By the Gram-weighted error, some rows at a time.
  private double loss(String name, Composite composite, LayerKnowledge known) {
    LayerEvidence layer = LayerEvidence.of(known.requireInputs(method.card().id(), name));
    Tensor original = tensor(name);
    int columns = original.shape().columns();
    int rows = Math.toIntExact(original.shape().rows());
    double sum = 0;
    for (int from = 0; from < rows; from += ROWS) {
      int count = Math.min(ROWS, rows - from);
      float[] errors = new float[count * columns];
      float[] exact = new float[count * columns];
      composite.rows(from, count, errors, 0);
      original.rows(from, count, exact, 0);
      for (int i = 0; i < errors.length; i++) {
        errors[i] -= exact[i];
      }
      sum += new GramError().loss(errors, count, columns, layer, shop.workers());
    }
    return sum;
  }

  private Key key(String name, int bits) {
    return Key.of("parts width")
        .with("model", shop.modelHash())
        .with("calibration", samples.calibration().sha256())
        .with("method", method.toString())
        .with("tensor", name)
        .with("bits", bits)
        .key();
  }

  private Problem problem(SequencedMap<String, double[][]> table, long limit) {
    double[][] loss = new double[table.size()][];
    long[][] bytes = new long[table.size()][];
    int unit = 0;
    for (double[][] options : table.values()) {
      loss[unit] = new double[options.length];
      bytes[unit] = new long[options.length];
      for (int option = 0; option < options.length; option++) {
        loss[unit][option] = options[option][0];
        bytes[unit][option] = (long) options[option][1];
      }
      unit++;
    }
    return new Problem(loss, new Resource("bytes", bytes, limit - fixed()));
  }

  /// Metadata and the tensors that stay as they are.
  private long fixed() {
    return fixed(shop.model(), names);
  }

  static long fixed(Model model, List<String> names) {
    List<Tensor> kept =
        model.tensors().values().stream().filter(each -> !names.contains(each.name())).toList();
    return HalftoneWriter.bytes(model.metadata(), kept, Map.of());
  }

  private static Map<String, Integer> widths(
      SequencedMap<String, double[][]> table, Allocation allocation) {
    Map<String, Integer> widths = new LinkedHashMap<>();
    int unit = 0;
    for (Map.Entry<String, double[][]> entry : table.entrySet()) {
      widths.put(entry.getKey(), (int) entry.getValue()[allocation.choice()[unit++]][2]);
    }
    return widths;
  }

  private Tensor tensor(String name) {
    return Objects.requireNonNull(shop.model().tensors().get(name));
  }
}
