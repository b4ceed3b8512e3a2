package halftone.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// The native memory of libtorch's tensors, which no garbage collector sees: work in a
/// `PointerScope`, and keep what must outlive it.
public final class Memory {
  private Memory() {}

  /// A handle on the same tensor out of the reach of pointer scopes; end its life with
  /// `releaseReference()`. A handle of its own, since those that a `TensorVector` gives point into
  /// the vector.
  public static Tensor kept(Tensor tensor) {
    return new Tensor(tensor).retainReference();
  }

  /// The bytes of a contiguous tensor, valid as long as the tensor.
  ///
  /// @throws IllegalArgumentException when it is not contiguous
  public static MemorySegment of(Tensor tensor) {
    if (!tensor.is_contiguous()) {
      throw new IllegalArgumentException("the values of this tensor do not lie in one piece");
    }
    return MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(tensor.nbytes());
  }

  /// The values, row-major, as float32.
  public static float[] floats(Tensor tensor) {
    Tensor plain = tensor.detach().to(ScalarType.Float).contiguous();
    return of(plain).toArray(ValueLayout.JAVA_FLOAT);
  }

  /// The values, row-major, as float64.
  public static double[] doubles(Tensor tensor) {
    Tensor plain = tensor.detach().to(ScalarType.Double).contiguous();
    return of(plain).toArray(ValueLayout.JAVA_DOUBLE);
  }
}
