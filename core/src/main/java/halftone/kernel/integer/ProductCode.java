package halftone.kernel.integer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Functions of emitted code for one format, each emitted when it is first needed.
///
/// Weights and parameters go in as plain addresses: a segment of shared memory would be marked as
/// in use for every call, and two threads spend more time on that mark than on the product.
final class ProductCode {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(
          JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private final AtomicReferenceArray<MethodHandle> known =
      new AtomicReferenceArray<>(InstructionSet.values().length * 2 * QuantizedRows.TILE);

  private final PanelFormat format;

  ProductCode(PanelFormat format) {
    this.format = format;
  }

  /// See [ProductEmitter].
  MethodHandle of(InstructionSet set, int panels, int rows) {
    int index = (2 * set.ordinal() + panels - 1) * QuantizedRows.TILE + rows - 1;
    MethodHandle ready = known.get(index);
    if (ready == null) {
      byte[] code = ProductEmitter.emit(format, set, panels, rows);
      known.compareAndSet(index, null, MachineCode.function(code, TYPE));
      ready = known.get(index);
    }
    return ready;
  }
}
