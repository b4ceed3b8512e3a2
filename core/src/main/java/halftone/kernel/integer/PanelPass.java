package halftone.kernel.integer;

import halftone.machine.InstructionSet;
import java.lang.foreign.MemorySegment;

/// Rows on their way through a weight.
///
/// @param out at least rows × outputs floats, overwritten
/// @param results the same array, as machine code is given it
record PanelPass(QuantizedRows x, float[] out, MemorySegment results, InstructionSet set) {
  PanelPass(QuantizedRows x, float[] out, InstructionSet set) {
    this(x, out, MemorySegment.ofArray(out), set);
  }
}
