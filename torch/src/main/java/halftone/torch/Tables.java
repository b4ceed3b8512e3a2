package halftone.torch;

import halftone.model.Op;
import halftone.model.RopeScaling;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// What depends on positions alone, computed once for a length: causal masks and rotations.
final class Tables implements AutoCloseable {
  private final Parameters parameters;
  private final Map<Window, Tensor> masks = new HashMap<>();
  private final Map<Turn, Rotation> rotations = new HashMap<>();

  private record Window(int length, int window, int copies) {}

  private record Turn(Op.Rope rope, int length) {}

  /// Of `length × 1 × dimensions` each: cosine of each value's angle, and its sine with the sign
  /// that the value's partner has in the rotated value.
  record Rotation(Tensor cosines, Tensor sines) {}

  Tables(Parameters parameters) {
    this.parameters = parameters;
  }

  /// copies · length × length: 0 where a query (row) sees a key (column), −∞ elsewhere.
  ///
  /// @param window positions that a query sees, its own included; 0 for all before
  /// @param copies times the length × length mask is stacked
  Tensor mask(int length, int window, int copies) {
    return masks.computeIfAbsent(new Window(length, window, copies), this::mask);
  }

  private Tensor mask(Window key) {
    try (PointerScope scope = new PointerScope()) {
      long[] sizes = {key.length(), key.length()};
      Scalar hidden = new Scalar(Float.NEGATIVE_INFINITY);
      Tensor all = torch.full(sizes, hidden, parameters.precision().options());
      Tensor mask = torch.triu(all, 1);
      if (key.window() > 0) {
        mask = mask.add(torch.tril(all, -key.window()));
      }
      return Memory.kept(mask.repeat(key.copies(), 1));
    }
  }

  Rotation rotation(Op.Rope rope, int length) {
    return rotations.computeIfAbsent(new Turn(rope, length), this::rotation);
  }

  private Rotation rotation(Turn key) {
    try (PointerScope scope = new PointerScope()) {
      Op.Rope rope = key.rope();
      Tensor angles = angles(rope, key.length());
      Scalar magnitude = new Scalar(rope.scaling().magnitude());
      Tensor cosines = torch.cos(angles).mul(magnitude);
      Tensor sines = torch.sin(angles).mul(magnitude);
      TensorVector bothCosines = new TensorVector(cosines, cosines);
      TensorVector bothSines = new TensorVector(torch.neg(sines), sines);
      int apart = rope.neox() ? 1 : 2;
      return new Rotation(
          table(torch.stack(bothCosines, apart), key), table(torch.stack(bothSines, apart), key));
    }
  }

  private Tensor table(Tensor pairs, Turn key) {
    Tensor flat = pairs.reshape(key.length(), 1, key.rope().dimensions());
    return Memory.kept(flat.to(parameters.precision().type()));
  }

  /// length × pairs, in float64: position · scale · base^(−2j/dimensions) / factor_j.
  private Tensor angles(Op.Rope rope, int length) {
    RopeScaling scaling = rope.scaling();
    double[] turns = new double[rope.dimensions() / 2];
    for (int j = 0; j < turns.length; j++) {
      turns[j] = scaling.positionScale() * Math.pow(rope.base(), -2.0 * j / rope.dimensions());
    }
    double[] positions = new double[length];
    java.util.Arrays.setAll(positions, position -> position);
    Tensor frequencies = Tensor.create(turns);
    String factors = scaling.factors(length);
    if (factors != null) {
      frequencies = frequencies.div(parameters.get(factors).detach().to(ScalarType.Double));
    }
    return torch.outer(Tensor.create(positions), frequencies);
  }

  @Override
  public void close() {
    masks.values().forEach(Tensor::releaseReference);
    for (Rotation rotation : rotations.values()) {
      rotation.cosines().releaseReference();
      rotation.sines().releaseReference();
    }
    masks.clear();
    rotations.clear();
  }
}
