package halftone.quantizer;

import halftone.method.Method;
import halftone.parts.Composite;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.List;

/// Makes of a weight what no single number format holds: see [halftone.parts]. Only our own engine
/// runs it, and it is shipped in our own layout.
public interface PartsQuantizer extends Method {
  /// The widths it can be asked for, ascending. What a weight takes is more: scales, zero points,
  /// tables, outliers and corrections are counted in [Composite#bytes].
  List<Integer> widths();

  /// Quantizes a weight to codes of about `bits` bits. The result does not depend on the number of
  /// workers.
  ///
  /// @throws IllegalArgumentException when `known` lacks what the method needs
  Composite quantize(String name, Weight weight, int bits, LayerKnowledge known, Workers workers);
}
