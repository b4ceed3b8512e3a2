package halftone.torch.curvature;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A symmetric matrix written out.
record DenseMap(Tensor matrix, Layout layout) implements SymmetricMap {
  static DenseMap of(Tensor matrix) {
    SequencedMap<String, Long> one = new LinkedHashMap<>();
    one.put("w", matrix.size(0));
    return new DenseMap(matrix, new Layout(one, matrix.scalar_type().intern()));
  }

  /// The map's columns, by products with unit vectors.
  static DenseMap of(SymmetricMap map) {
    long size = map.layout().size();
    Tensor identity = torch.eye(size).to(map.layout().type());
    Tensor columns = torch.empty_like(identity);
    for (long i = 0; i < size; i++) {
      columns.select(0, i).copy_(map.times(identity.select(0, i)));
    }
    return new DenseMap(columns, map.layout());
  }

  double[] eigenvalues() {
    return halftone.torch.Memory.doubles(torch.linalg_eigvalsh(matrix));
  }

  @Override
  public Tensor times(Tensor v) {
    return torch.mv(matrix, v);
  }
}
