package halftone.kernel;

import halftone.machine.Address;
import halftone.machine.Assembler;
import halftone.machine.Register;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Emits [Exponential#of(float)] of every lane, bit for bit. Takes eleven vector registers one
/// behind the other, or ten and a mask register with 512 bits; most constants are read from memory,
/// as 256-bit vectors have few registers.
final class ExponentialEmitter {
  private static final int ROUND = 5;
  private static final int FIRST_POWER = 6;

  private static final float[] CONSTANTS = {
    Exponential.LOWEST,
    Exponential.HIGHEST,
    Exponential.LOG2_E,
    -Exponential.LN2_HIGH,
    -Exponential.LN2_LOW,
    Exponential.ROUND,
    Exponential.P0,
    Exponential.P1,
    Exponential.P2,
    Exponential.P3,
    Exponential.P4,
    Exponential.P5,
    1f
  };

  private static final int ONE = CONSTANTS.length - 1;

  /// Bytes of a constant in memory, which stands in all lanes of the longest vector.
  private static final int BYTES = 64;

  private static final int SHIFT = 23;

  private static final MemorySegment TABLE = table();

  private final Assembler code;
  private final Register table;
  private final int lowest;
  private final int highest;
  private final int log2E;
  private final int ln2High;
  private final int ln2Low;
  private final int one;
  private final int zero;
  private final int shifted;
  private final int whole;
  private final int sum;
  private final int mask;

  /// @param table register that holds [#tableAddress] while the code runs
  /// @param first of the vector registers
  ExponentialEmitter(Assembler code, Register table, int first, boolean isWide) {
    this.code = code;
    this.table = table;
    this.lowest = first;
    this.highest = first + 1;
    this.log2E = first + 2;
    this.ln2High = first + 3;
    this.ln2Low = first + 4;
    this.one = first + 5;
    this.zero = first + 6;
    this.shifted = first + 7;
    this.whole = first + 8;
    this.sum = first + 9;
    this.mask = isWide ? 1 : first + 10;
  }

  private static MemorySegment table() {
    MemorySegment memory = Arena.global().allocate((long) CONSTANTS.length * BYTES, BYTES);
    for (int i = 0; i < CONSTANTS.length; i++) {
      for (int at = 0; at < BYTES; at += Float.BYTES) {
        memory.set(ValueLayout.JAVA_FLOAT, (long) i * BYTES + at, CONSTANTS[i]);
      }
    }
    return memory;
  }

  /// Where the constants lie.
  static long tableAddress() {
    return TABLE.address();
  }

  /// A register that holds zeros once [#prepare] has run.
  int zero() {
    return zero;
  }

  /// A register that holds ones, likewise.
  int one() {
    return one;
  }

  /// Loads what stays in registers.
  void prepare() {
    for (int i = 0; i < ROUND; i++) {
      code.vmovups(lowest + i, constant(i));
    }
    code.vmovups(one, constant(ONE));
    code.vpxor(zero, zero, zero);
  }

  /// x becomes eˣ.
  void power(int x) {
    code.vcmpps(mask, x, lowest, Assembler.LESS);
    code.vminps(x, highest, x);
    code.vmovdqa(shifted, x);
    code.vfmadd213ps(shifted, log2E, constant(ROUND));
    code.vsubps(whole, shifted, constant(ROUND));
    code.vfmadd231ps(x, whole, ln2High);
    code.vfmadd231ps(x, whole, ln2Low);
    code.vmovups(sum, constant(FIRST_POWER));
    for (int i = FIRST_POWER + 1; i < ONE; i++) {
      code.vfmadd213ps(sum, x, constant(i));
    }
    code.vmulps(whole, x, x);
    code.vfmadd231ps(x, sum, whole);
    code.vaddps(x, x, one);
    code.vpslld(shifted, shifted, SHIFT);
    code.vpaddd(shifted, shifted, one);
    code.vmulps(x, x, shifted);
    code.blend(x, x, zero, mask);
  }

  private Address constant(int number) {
    return table.at(number * BYTES);
  }
}
