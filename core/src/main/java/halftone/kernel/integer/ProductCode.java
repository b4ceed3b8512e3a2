package halftone.kernel.integer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Functions of emitted code, each emitted when it is first needed.
final class ProductCode {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);

  private static final Map<Shape, MethodHandle> KNOWN = new ConcurrentHashMap<>();

  private record Shape(String format, int panels, int rows) {}

  private ProductCode() {}

  /// See [ProductEmitter].
  static MethodHandle of(PanelFormat format, int panels, int rows) {
    return KNOWN.computeIfAbsent(
        new Shape(format.id(), panels, rows),
        shape ->
            InstructionSet.AVX512_VNNI.function(ProductEmitter.emit(format, panels, rows), TYPE));
  }
}
