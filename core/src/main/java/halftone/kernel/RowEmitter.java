package halftone.kernel;

import static halftone.machine.Register.R8;
import static halftone.machine.Register.R9;
import static halftone.machine.Register.RAX;
import static halftone.machine.Register.RCX;
import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RDX;
import static halftone.machine.Register.RSI;

import halftone.machine.Assembler;
import halftone.machine.InstructionSet;
import halftone.machine.Register;

/// Emits what [RowKernels] does to the whole vectors of a row. All but gates, of which there are
/// most, have vectors of 256 bits with every set of instructions.
final class RowEmitter {
  /// Values of a vector of 256 bits.
  static final int LANES = 8;

  private final Assembler code;
  private final int vectorBytes;

  private RowEmitter(InstructionSet set) {
    this.code = new Assembler(set);
    this.vectorBytes = set.vectorBytes();
  }

  /// See [SquareSum]: of values and where to begin in them, in bytes, and how many vectors; gives a
  /// double.
  static byte[] squares() {
    return new RowEmitter(InstructionSet.AVX2).emitSquares();
  }

  /// See [RowKernels#powers]: of scores and where to begin in them, in bytes, how many vectors, the
  /// address of [ExponentialEmitter]'s constants, the factor, and what the highest score is not
  /// below; gives what is added to scores times the factor.
  static byte[] powers() {
    return new RowEmitter(InstructionSet.AVX2).emitPowers();
  }

  /// See [RowKernels#swiGlu]: of gates, values, results, where to begin in all of them, in bytes,
  /// how many vectors, and the address of [ExponentialEmitter]'s constants.
  ///
  /// @param set other than none
  static byte[] gates(InstructionSet set) {
    return new RowEmitter(set).emitGates(set == InstructionSet.AVX512_VNNI);
  }

  private byte[] emitSquares() {
    int first = 0;
    int last = 1;
    int x = 2;
    code.add(RDI, RSI);
    code.vpxor(first, first, first);
    code.vpxor(last, last, last);
    int again = code.label();
    for (int sum = first; sum <= last; sum++) {
      code.vcvtps2pd(x, RDI.at(sum * vectorBytes / 2));
      code.vmulpd(x, x, x);
      code.vaddpd(sum, sum, x);
    }
    next(again, RDX, RDI);
    code.vaddpd(first, first, last);
    code.vperm2f128(x, first, first, Assembler.OTHER_HALF);
    code.vaddpd(first, first, x);
    code.vshufps(x, first, first, Assembler.OTHER_PAIR);
    code.vaddpd(first, first, x);
    return end();
  }

  private byte[] emitPowers() {
    int factor = 0;
    int shift = 1;
    int x = 2;
    ExponentialEmitter exponential = new ExponentialEmitter(code, RCX, x + 1, false);
    code.add(RDI, RSI);
    exponential.prepare();
    code.vpermps(factor, exponential.zero(), factor);
    code.vpermps(shift, exponential.zero(), shift);
    code.mov(RSI, RDI);
    code.mov(RAX, RDX);
    int higher = code.label();
    code.vmovups(x, RSI.at(0));
    code.vmaxps(shift, x, shift);
    next(higher, RAX, RSI);
    code.toAllLanes(shift, x, () -> code.vmaxps(shift, x, shift));
    code.vsubps(x, exponential.zero(), factor);
    code.vmulps(shift, shift, x);
    int again = code.label();
    code.vmovups(x, RDI.at(0));
    code.vfmadd213ps(x, factor, shift);
    exponential.power(x);
    code.vmovups(RDI.at(0), x);
    next(again, RDX, RDI);
    code.vmovdqa(0, shift);
    return end();
  }

  private byte[] emitGates(boolean isWide) {
    int gate = 0;
    int x = 1;
    ExponentialEmitter exponential = new ExponentialEmitter(code, R9, x + 1, isWide);
    code.add(RDI, RCX);
    code.add(RSI, RCX);
    code.add(RDX, RCX);
    exponential.prepare();
    int again = code.label();
    code.vmovups(gate, RDI.at(0));
    code.vsubps(x, exponential.zero(), gate);
    exponential.power(x);
    code.vaddps(x, x, exponential.one());
    code.vdivps(x, gate, x);
    code.vmulps(x, x, RSI.at(0));
    code.vmovups(RDX.at(0), x);
    code.add(RSI, vectorBytes);
    code.add(RDX, vectorBytes);
    next(again, R8, RDI);
    return end();
  }

  /// Goes on to the next vector.
  private void next(int label, Register left, Register at) {
    code.add(at, vectorBytes);
    code.dec(left);
    code.jnz(label);
  }

  private byte[] end() {
    code.vzeroupper();
    code.ret();
    return code.code();
  }
}
