package halftone.recipe;

import halftone.allocation.InfeasibleBudgetException;
import halftone.evidence.RowGradients;
import halftone.parts.Composite;
import halftone.quantizer.GroupGptq;
import halftone.quantizer.LayerKnowledge;
import halftone.quantizer.MixLlm;
import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// MixLLM's global ranking under a budget: all rows of all weights inside the blocks compete for
/// twice the bits by what rounding them costs for each byte more.
///
/// The narrow width is the largest of those possible at which everything fits; weights that have no
/// gradients, the output product above all, get one width throughout, one bit more.
final class RowRanking {
  private final Workshop shop;
  private final MixLlm method;
  private final List<String> names;
  private final Function<String, @Nullable RowGradients> gradients;
  private final Function<PartsSearch.Maker, SequencedMap<String, Composite>> pass;

  /// A row and what it earns.
  private record Row(String weight, int index, double perByte, double bytes) {}

  /// @param pass makes all weights, by a maker that is shown what is known of each
  RowRanking(
      Workshop shop,
      MixLlm method,
      List<String> names,
      Function<String, @Nullable RowGradients> gradients,
      Function<PartsSearch.Maker, SequencedMap<String, Composite>> pass) {
    this.shop = shop;
    this.method = method;
    this.names = names;
    this.gradients = gradients;
    this.pass = pass;
  }

  PartsSearch.Made within(long limit) {
    long fixed = PartsSearch.fixed(shop.model(), names);
    long allowed = limit;
    while (true) {
      int bits = widest(allowed - fixed);
      if (bits == 0) {
        throw new InfeasibleBudgetException(
            "bytes of file", limit, fixed + (long) narrow(method.widths().getFirst()));
      }
      Map<String, boolean[]> promoted = promoted(bits, allowed - fixed - narrow(bits));
      SequencedMap<String, Composite> made =
          pass.apply((name, known) -> make(name, bits, promoted.get(name), known));
      long bytes = PartsSearch.fileBytes(shop.model(), made);
      if (bytes <= limit) {
        return new PartsSearch.Made(made, Double.NaN, bytes);
      }
      allowed -= bytes - limit;
    }
  }

  private Composite make(
      String name, int bits, boolean @Nullable [] promoted, LayerKnowledge known) {
    Tensor weight = tensor(name);
    return promoted == null
        ? new GroupGptq().quantize(name, weight, bits + 1, known, shop.workers())
        : method.quantize(name, weight, bits, promoted, known, shop.workers());
  }

  /// The largest width at which all rows fit; 0 where none does.
  private int widest(double bytes) {
    int widest = 0;
    for (int bits : method.widths()) {
      widest = narrow(bits) <= bytes ? bits : widest;
    }
    return widest;
  }

  /// Bytes with no row promoted.
  private double narrow(int bits) {
    double sum = 0;
    for (String name : names) {
      boolean ranked = gradients.apply(name) != null;
      double row = rowBytes(tensor(name), ranked ? bits : bits + 1);
      // Rows of two widths have their places stored.
      sum += tensor(name).shape().rows() * (ranked ? row + Integer.BYTES : row);
    }
    return sum;
  }

  /// Codes, and a scale and a zero point for each group.
  private double rowBytes(Tensor weight, int bits) {
    int columns = weight.shape().columns();
    return Math.ceilDiv(columns * bits, 8) + 4.0 * Math.ceilDiv(columns, method.group());
  }

  private Map<String, boolean[]> promoted(int bits, double bytes) {
    List<Row> rows = new ArrayList<>();
    Map<String, boolean[]> promoted = new HashMap<>();
    for (String name : names) {
      RowGradients known = gradients.apply(name);
      if (known != null) {
        Tensor weight = tensor(name);
        promoted.put(name, new boolean[Math.toIntExact(weight.shape().rows())]);
        double more = rowBytes(weight, MixLlm.promoted(bits)) - rowBytes(weight, bits);
        double[] scores = method.scores(weight, bits, known, shop.workers());
        for (int row = 0; row < scores.length; row++) {
          rows.add(new Row(name, row, scores[row] / more, more));
        }
      }
    }
    rows.sort(Comparator.comparingDouble((Row row) -> -row.perByte()));
    double left = bytes;
    for (Row row : rows) {
      if (row.bytes() > left) {
        break;
      }
      left -= row.bytes();
      Objects.requireNonNull(promoted.get(row.weight()))[row.index()] = true;
    }
    return promoted;
  }

  private Tensor tensor(String name) {
    return Objects.requireNonNull(shop.model().tensors().get(name));
  }
}
