package halftone.transform;

import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.numeric.NumberFormats;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.Tap;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Tries factors for a site: rounds its readers with them and compares the output of the module
/// they stand in, up to where it is added to the residual stream, with the original's on the same
/// inputs.
final class SiteTrial {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int ROWS = 64;

  private final Model model;
  private final Stage module;
  private final ScaleSite site;
  private final List<Activations> inputs;
  private final List<Activations> wanted;
  private final Grid grid;
  private final Workers workers;

  private SiteTrial(
      Model model,
      Stage module,
      ScaleSite site,
      List<Activations> inputs,
      List<Activations> wanted,
      Grid grid,
      Workers workers) {
    this.model = model;
    this.module = module;
    this.site = site;
    this.inputs = inputs;
    this.wanted = wanted;
    this.grid = grid;
    this.workers = workers;
  }

  /// @param streams residual streams before the block, of the original
  static SiteTrial of(
      Model model,
      Stage block,
      ScaleSite site,
      List<Activations> streams,
      Grid grid,
      Workers workers) {
    List<Node> module = module(block, site);
    Engine engine = new Engine(model, Arithmetic.EXACT, workers);
    List<Activations> values = new ArrayList<>();
    List<Activations> wanted = new ArrayList<>();
    for (Activations stream : streams) {
      Activations[] value = new Activations[1];
      Tap tap = (weight, input) -> value[0] = site.readers().contains(weight) ? input : value[0];
      wanted.add(engine.run(new Stage(block.name(), module), stream, tap));
      values.add(Objects.requireNonNull(value[0]));
    }
    Stage behind = new Stage(block.name(), behind(module, site));
    return new SiteTrial(model, behind, site, values, wanted, grid, workers);
  }

  /// The block as far as the first value behind the site that is added to the stream.
  private static List<Node> module(Stage block, ScaleSite site) {
    Set<String> behind = new HashSet<>(Set.of(site.value()));
    List<Node> nodes = new ArrayList<>();
    for (Node node : block.nodes()) {
      boolean reads = node.inputs().stream().anyMatch(behind::contains);
      if (reads && node.op() instanceof Op.Add) {
        break;
      }
      nodes.add(node);
      if (reads) {
        behind.add(node.output());
      }
    }
    return nodes;
  }

  /// What of the module comes after the site's value, as a stage that begins with it: what comes
  /// before is the same in every trial.
  private static List<Node> behind(List<Node> module, ScaleSite site) {
    Set<String> behind = new HashSet<>(Set.of(site.value()));
    List<Node> nodes = new ArrayList<>();
    for (Node node : module) {
      if (node.inputs().stream().anyMatch(behind::contains)) {
        behind.add(node.output());
        List<String> inputs =
            node.inputs().stream()
                .map(input -> input.equals(site.value()) ? Stage.HIDDEN : input)
                .toList();
        nodes.add(new Node(node.output(), node.op(), inputs));
      }
    }
    return nodes;
  }

  /// Mean squared change of the module's output.
  double loss(float[] factors) {
    float[] columns = site.spread(factors);
    List<Tensor> rounded = new ArrayList<>();
    for (String reader : site.readers()) {
      rounded.add(rounded(Objects.requireNonNull(model.tensors().get(reader)), columns));
    }
    Engine engine = new Engine(model.with(rounded), Arithmetic.EXACT, workers);
    double sum = 0;
    long count = 0;
    for (int i = 0; i < inputs.size(); i++) {
      float[] changed = engine.run(module, inputs.get(i), Tap.NONE).values();
      float[] original = wanted.get(i).values();
      for (int k = 0; k < original.length; k++) {
        double difference = (double) changed[k] - original[k];
        sum += difference * difference;
      }
      count += original.length;
    }
    return sum / count;
  }

  /// Q(W·diag(s))·diag(1/s), in memory.
  private Tensor rounded(Tensor weight, float[] factors) {
    int columns = weight.shape().columns();
    int rows = Math.toIntExact(weight.shape().rows());
    MemorySegment bytes = Arena.ofAuto().allocate((long) rows * columns * Float.BYTES, 64);
    workers.forEach(
        Math.ceilDiv(rows, ROWS),
        piece -> {
          int first = piece * ROWS;
          int count = Math.min(ROWS, rows - first);
          float[] values = new float[count * columns];
          weight.rows(first, count, values, 0);
          for (int i = 0; i < values.length; i++) {
            values[i] *= factors[i % columns];
          }
          grid.round(values, count, columns);
          for (int i = 0; i < values.length; i++) {
            values[i] /= factors[i % columns];
          }
          MemorySegment.copy(
              values, 0, bytes, FLOAT, (long) first * columns * Float.BYTES, values.length);
        });
    return new Tensor(weight.name(), weight.shape(), NumberFormats.named("F32"), bytes);
  }
}
