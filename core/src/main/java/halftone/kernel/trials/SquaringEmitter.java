package halftone.kernel.trials;

import static halftone.machine.Register.RCX;
import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RDX;
import static halftone.machine.Register.RSI;

import halftone.machine.Assembler;
import halftone.machine.InstructionSet;

/// Emits what loads weights that count their squares: a function of the addresses of floats or
/// halves, of where they go as floats, and of where their squares go, and of how many times eight
/// there are.
final class SquaringEmitter {
  static final int LANES = 8;

  private SquaringEmitter() {}

  static byte[] emit(boolean areHalves) {
    Assembler a = new Assembler(InstructionSet.AVX2);
    int again = a.label();
    if (areHalves) {
      a.vcvtph2ps(0, RDI.at(0));
    } else {
      a.vmovups(0, RDI.at(0));
    }
    a.vmovups(RSI.at(0), 0);
    a.vmulps(1, 0, 0);
    a.vmovups(RDX.at(0), 1);
    a.add(RDI, LANES * (areHalves ? Short.BYTES : Float.BYTES));
    a.add(RSI, LANES * Float.BYTES);
    a.add(RDX, LANES * Float.BYTES);
    a.dec(RCX);
    a.jnz(again);
    a.vzeroupper();
    a.ret();
    return a.code();
  }
}
