package halftone.recipe;

import halftone.evidence.ImportanceMatrix;
import halftone.model.Model;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.quantizer.FormatEncoder;
import halftone.quantizer.LayerInputs;
import halftone.runtime.Arithmetic;
import halftone.store.Key;
import halftone.tensor.Tensor;
import halftone.text.Chunks;
import halftone.transform.SmoothQuant;
import halftone.transform.Transform;
import halftone.transform.Transforms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which rewrite of the network is quantized: of some that compute the same, the one that loses
/// least when it is rounded and run as llama.cpp runs files, its rounding of activations included.
///
/// Each is tried at two widths, at which weights and activations decide; the least product of both
/// losses wins. What was measured is in the store.
///
/// @param candidates what is tried beside the original
/// @param original whether the network as it is takes part
public record Rewriting(List<Transform> candidates, boolean original) {
  /// What the metadata of a file says that was made of the network as it is.
  static final String NO_TRANSFORM = "none";

  /// The network as it is.
  public static final Rewriting NONE = new Rewriting(List.of(), true);

  /// The original and what has been found to help.
  public static final Rewriting AUTOMATIC =
      new Rewriting(List.of(new SmoothQuant(0.35, true), new SmoothQuant(0.5, true)), true);

  /// Formats that are tried: the first that a tensor's rows divide into. Few bits for the weights'
  /// sake, many for the activations'.
  private static final List<List<String>> PROBES =
      List.of(List.of("Q3_K", "IQ4_NL"), List.of("Q6_K", "Q8_0"));

  public Rewriting {
    candidates = List.copyOf(candidates);
    if (candidates.isEmpty() && !original) {
      throw new IllegalArgumentException("there must be something to choose from");
    }
  }

  /// Reads `none`, `auto`, or the name of a transform, which is then applied whatever it does.
  ///
  /// @throws IllegalArgumentException naming what there is
  public static Rewriting parse(String text) {
    return switch (text) {
      case NO_TRANSFORM -> NONE;
      case "auto" -> AUTOMATIC;
      default -> new Rewriting(List.of(Transforms.parse(text)), false);
    };
  }

  /// What was chosen: the workshop with the network to quantize, and what made it.
  ///
  /// @param transform null for the original
  record Chosen(Workshop shop, @Nullable Transform transform) {
    /// As a file's metadata says it.
    String id() {
      return transform == null ? NO_TRANSFORM : transform.spelled();
    }
  }

  /// Measures where there is a choice.
  Chosen choose(Workshop shop, Samples samples) {
    List<Chosen> all = new ArrayList<>();
    if (original) {
      all.add(new Chosen(shop, null));
    }
    for (Transform transform : candidates) {
      all.add(new Chosen(apply(shop, transform, samples.calibration()), transform));
    }
    if (all.size() == 1) {
      return all.getFirst();
    }
    shop.progress().step("transforms", all.size() * PROBES.size());
    Yardstick yardstick = new Yardstick(shop, samples.scoredAllocation(), 1, 0);
    Chosen best = all.getFirst();
    double least = Double.POSITIVE_INFINITY;
    for (Chosen each : all) {
      double loss = new Trial(each.shop(), samples, yardstick).loss();
      if (loss < least) {
        least = loss;
        best = each;
      }
    }
    return best;
  }

  /// The workshop with a rewritten network in place of its own.
  static Workshop apply(Workshop shop, Transform transform, Chunks calibration) {
    Key key =
        Key.of("transform")
            .with("model", shop.modelHash())
            .with("transform", transform.spelled())
            .with("text", calibration.sha256())
            .key();
    if (!shop.memo().has(key)) {
      shop.progress().step(transform.card().id(), 1);
      shop.memo().put(key, transform.measure(shop.model(), calibration.tokens(), shop.workers()));
      shop.progress().done(1);
    }
    return new Workshop(
        transform.apply(shop.model(), shop.memo().numbers(key)),
        key.inputs().hex(),
        shop.workers(),
        shop.memo(),
        shop.progress());
  }

  /// One candidate while it is tried.
  private static final class Trial {
    private final Workshop shop;
    private final Samples samples;
    private final Yardstick yardstick;
    private @Nullable Map<String, float[]> importance;

    Trial(Workshop shop, Samples samples, Yardstick yardstick) {
      this.shop = shop;
      this.samples = samples;
      this.yardstick = yardstick;
    }

    /// The product over the probes.
    double loss() {
      double product = 1;
      for (List<String> probe : PROBES) {
        Key key =
            Key.of("transform loss")
                .with("model", shop.modelHash())
                .with("formats", probe.toString())
                .with("calibration", samples.calibration().sha256())
                .with("text", samples.allocation().sha256())
                .key();
        product *=
            shop.memo()
                .number(
                    key, () -> yardstick.score(rounded(probe), Arithmetic.LLAMA).meanDivergence());
        shop.progress().done(1);
      }
      return product;
    }

    /// All linear layers in the probe's formats, by the encoders, with importance.
    private Model rounded(List<String> probe) {
      Model model = shop.model();
      List<Tensor> tensors = new ArrayList<>();
      for (String name : model.linears()) {
        Tensor tensor = Objects.requireNonNull(model.tensors().get(name));
        WeightFormat format = format(probe, tensor);
        if (format != null) {
          LayerInputs inputs = LayerInputs.of(importance().get(name));
          tensors.add(new FormatEncoder().quantize(name, tensor, format, inputs, shop.workers()));
        }
      }
      return model.with(tensors);
    }

    private Map<String, float[]> importance() {
      Map<String, float[]> known = importance;
      if (known == null) {
        ImportanceMatrix matrix =
            new ImportanceRun(shop.model(), shop.workers())
                .measure(samples.calibration(), Progress.SILENT);
        known = GivenImportance.values(shop.model(), matrix);
        importance = known;
      }
      return known;
    }
  }

  private static @Nullable WeightFormat format(List<String> probe, Tensor tensor) {
    for (String id : probe) {
      if (NumberFormats.named(id) instanceof WeightFormat format
          && format.layout().divides(tensor.shape().columns())) {
        return format;
      }
    }
    return null;
  }
}
