package halftone.transform;

import halftone.method.Card;
import halftone.model.Model;
import halftone.tensor.ComputedRows;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Rotates the values of every attention head by a Hadamard matrix (SpinQuant's R2, arXiv
/// 2405.16406): rows of the value product on one side, columns of the output product on the other.
/// Works with shared key-value heads, as all heads have the same matrix; needs nothing at run time.
public record ValueRotation() implements Transform {
  @Override
  public String spelled() {
    return "value-rotation";
  }

  @Override
  public Card card() {
    return new Card(
        "value-rotation",
        "Hadamard rotation of attention's values",
        "arXiv 2404.00456, 2405.16406 (R2)",
        Set.of());
  }

  @Override
  public double[] measure(Model model, int[][] tokens, Workers workers) {
    if (sites(model).isEmpty()) {
      throw new IllegalArgumentException(
          "no block of this network multiplies attention's values directly with a weight");
    }
    return new double[0];
  }

  @Override
  public Model apply(Model model, double[] measured) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    for (ScaleSite site : sites(model)) {
      ScaleSite.Maker.Heads heads = (ScaleSite.Maker.Heads) site.maker();
      Hadamard matrix = Hadamard.of(heads.headSize());
      Tensor values = tensor(model, heads.weight());
      changed.put(
          values.name(),
          ComputedRows.tensor(
              values.name(), new MixedRows(values, matrix, heads.first(), site.channels())));
      if (heads.bias() != null) {
        changed.put(
            heads.bias(),
            ComputedRows.tensor(
                heads.bias(), new MixedColumns(tensor(model, heads.bias()), matrix)));
      }
      for (String reader : site.readers()) {
        changed.put(
            reader, ComputedRows.tensor(reader, new MixedColumns(tensor(model, reader), matrix)));
      }
    }
    return model.with(changed.values());
  }

  /// Where values have a bias it is rotated too; in a fused product it is shared with queries and
  /// keys, and such a block is left alone.
  private static List<ScaleSite> sites(Model model) {
    List<ScaleSite> sites = new ArrayList<>();
    for (ScaleSite site : ScaleSites.of(model)) {
      if (site.maker() instanceof ScaleSite.Maker.Heads heads
          && (heads.bias() == null || heads.first() == 0)) {
        sites.add(site);
      }
    }
    return sites;
  }

  private static Tensor tensor(Model model, String name) {
    return Objects.requireNonNull(model.tensors().get(name));
  }
}
