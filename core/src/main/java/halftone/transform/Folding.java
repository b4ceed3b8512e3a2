package halftone.transform;

import halftone.model.Model;
import halftone.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Collects factors of rows and columns and makes the network with all of them folded in.
public final class Folding {
  private final Map<String, float[]> rows = new LinkedHashMap<>();
  private final Map<String, float[]> columns = new LinkedHashMap<>();
  private final Model model;

  public Folding(Model model) {
    this.model = model;
  }

  /// Divides a site's channels by these factors where it is made, and multiplies the columns of all
  /// its readers.
  ///
  /// @throws IllegalArgumentException when a factor is not positive and finite
  public Folding scale(ScaleSite site, float[] factors) {
    require(site, factors);
    switch (site.maker()) {
      case ScaleSite.Maker.Gain gain -> multiplyColumns(gain.tensor(), inverse(factors));
      case ScaleSite.Maker.Rows made ->
          divideRows(made.weight(), made.bias(), made.first(), factors);
      case ScaleSite.Maker.Heads heads ->
          divideRows(heads.weight(), heads.bias(), heads.first(), factors);
    }
    float[] spread = site.spread(factors);
    site.readers().forEach(reader -> multiplyColumns(reader, spread));
    return this;
  }

  private static void require(ScaleSite site, float[] factors) {
    if (factors.length != site.channels()) {
      throw new IllegalArgumentException(
          "%d factors for the %d channels of %s in block %d"
              .formatted(factors.length, site.channels(), site.value(), site.block()));
    }
    for (int j = 0; j < factors.length; j++) {
      if (!(factors[j] > 0) || factors[j] == Float.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "factor %s of channel %d of %s in block %d; it must be positive and finite"
                .formatted(factors[j], j, site.value(), site.block()));
      }
    }
  }

  /// The same function with the factors in its weights.
  public Model apply() {
    return RewrittenTensors.in(
        model,
        rows.keySet(),
        columns.keySet(),
        tensor -> new ScaledWeight(tensor, rows.get(tensor.name()), columns.get(tensor.name())));
  }

  private void divideRows(String weight, @Nullable String bias, int first, float[] factors) {
    float[] all =
        rows.computeIfAbsent(weight, name -> ones(Math.toIntExact(tensor(name).shape().rows())));
    float[] inverse = inverse(factors);
    multiply(all, first, inverse);
    if (bias != null) {
      multiply(columns.computeIfAbsent(bias, this::onesOfRow), first, inverse);
    }
  }

  private void multiplyColumns(String name, float[] factors) {
    multiply(columns.computeIfAbsent(name, this::onesOfRow), 0, factors);
  }

  private float[] onesOfRow(String name) {
    return ones(tensor(name).shape().columns());
  }

  private static void multiply(float[] all, int first, float[] factors) {
    for (int j = 0; j < factors.length; j++) {
      all[first + j] *= factors[j];
    }
  }

  private static float[] inverse(float[] factors) {
    float[] inverse = new float[factors.length];
    for (int j = 0; j < factors.length; j++) {
      inverse[j] = 1 / factors[j];
    }
    return inverse;
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private Tensor tensor(String name) {
    return Objects.requireNonNull(model.tensors().get(name), name);
  }
}
