package halftone.machine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The bytes of instructions. Those of 512-bit vectors have the EVEX prefix, those of 256-bit
/// vectors the older VEX prefix, which knows half as many registers.
///
/// Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2: VEX prefix in
/// 2.3.5, EVEX prefix in 2.7, its compressed displacements in 2.7.5.
abstract class Encoding {
  static final int NONE = 0;
  static final int P66 = 1;
  static final int PF3 = 2;
  static final int MAP_0F = 1;
  static final int MAP_0F38 = 2;
  static final int MAP_0F3A = 3;

  /// Targets of jumps begin at multiples of it, as instructions are fetched.
  private static final int FETCH = 32;

  /// Where a base would stand, without a displacement it means another thing.
  private static final int NO_BASE = 5;

  /// The CPU does nothing, by one instruction of 1 … 8 bytes.
  private static final int[][] NOTHING = {
    {0x90},
    {0x66, 0x90},
    {0x0F, 0x1F, 0x00},
    {0x0F, 0x1F, 0x40, 0x00},
    {0x0F, 0x1F, 0x44, 0x00, 0x00},
    {0x66, 0x0F, 0x1F, 0x44, 0x00, 0x00},
    {0x0F, 0x1F, 0x80, 0x00, 0x00, 0x00, 0x00},
    {0x0F, 0x1F, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00}
  };

  private static final int INITIAL = 4096;

  private static final int LENGTH_256 = 1;
  private static final int LENGTH_512 = 2;

  private final boolean isWide;
  private byte[] code = new byte[INITIAL];
  private int size;

  /// @param isWide whether vectors have 512 bits, not 256
  Encoding(boolean isWide) {
    this.isWide = isWide;
  }

  /// The code so far.
  public final byte[] code() {
    return Arrays.copyOf(code, size);
  }

  /// A place to jump back to.
  public final int label() {
    while (size % FETCH != 0) {
      for (int value : NOTHING[Math.min(NOTHING.length, FETCH - size % FETCH) - 1]) {
        put(value);
      }
    }
    return size;
  }

  /// Jumps back unless the last result was zero.
  public final void jnz(int label) {
    put(0x0F);
    put(0x85);
    word(label - (size + 4));
  }

  final void shift(int kind, int to, int from, int bits) {
    // The destination stands where others have the first source.
    prefix(MAP_0F, P66, kind, to, from, false);
    put(0x72);
    direct(kind, from);
    put(bits);
  }

  final void registers(int map, int prefix, int opcode, int to, int a, int b) {
    prefix(map, prefix, to, a, b, false);
    put(opcode);
    direct(to, b);
  }

  /// An instruction of 256-bit vectors that the CPU knows with the EVEX prefix only.
  final void narrowRegisters(int map, int prefix, int opcode, int to, int a, int b) {
    evex(map, prefix, to, a, b, LENGTH_256, false, 0);
    put(opcode);
    direct(to, b);
  }

  /// An instruction that has the VEX prefix even beside 512-bit vectors.
  final void narrowVex(int map, int prefix, int opcode, int to, int a, int b) {
    vex(map, prefix, to, a, b);
    put(opcode);
    direct(to, b);
  }

  /// Likewise, with an operand in memory.
  final void narrowVex(int map, int prefix, int opcode, int to, Address b) {
    vex(map, prefix, to, 0, b.base().number());
    put(opcode);
    operand(to & 7, b, 1);
  }

  /// An instruction of 512-bit vectors that heeds a mask register.
  final void maskedRegisters(int map, int prefix, int opcode, int to, int a, int b, int mask) {
    evex(map, prefix, to, a, b, LENGTH_512, false, mask);
    put(opcode);
    direct(to, b);
  }

  /// @param unit bytes that 512-bit vectors read, by which EVEX divides displacements
  final void memory(
      int map, int prefix, int opcode, int to, int a, Address b, int unit, boolean each) {
    prefix(map, prefix, to, a, b.base().number(), each);
    put(opcode);
    operand(to & 7, b, isWide ? unit : 1);
  }

  private void prefix(int map, int prefix, int to, int a, int b, boolean each) {
    if (isWide) {
      evex(map, prefix, to, a, b, LENGTH_512, each, 0);
    } else {
      vex(map, prefix, to, a, b);
    }
  }

  /// @param b the second source or the base
  /// @param mask a mask register, 0 for none
  private void evex(int map, int prefix, int to, int a, int b, int length, boolean each, int mask) {
    put(0x62);
    put(
        inverted(to, 3) << 7
            | inverted(b, 4) << 6
            | inverted(b, 3) << 5
            | inverted(to, 4) << 4
            | map);
    put((~a & 15) << 3 | 4 | prefix);
    put(length << 5 | (each ? 16 : 0) | inverted(a, 4) << 3 | mask);
  }

  private void vex(int map, int prefix, int to, int a, int b) {
    int last = (~a & 15) << 3 | LENGTH_256 << 2 | prefix;
    if (map == MAP_0F && b <= 7) {
      put(0xC5);
      put(inverted(to, 3) << 7 | last);
    } else {
      put(0xC4);
      put(inverted(to, 3) << 7 | 1 << 6 | inverted(b, 3) << 5 | map);
      put(last);
    }
  }

  private static int inverted(int number, int bit) {
    return ~number >> bit & 1;
  }

  /// The prefix of a 64-bit instruction.
  final void wide(@Nullable Register field, Register operand) {
    int high = field == null ? 0 : field.number() >> 3;
    put(0x48 | high << 2 | operand.number() >> 3);
  }

  /// An instruction whose only byte names the register.
  final void lifted(int opcode, Register register) {
    if (register.number() > 7) {
      put(0x41);
    }
    put(opcode | register.number() & 7);
  }

  final void direct(int field, int operand) {
    put(0xC0 | (field & 7) << 3 | operand & 7);
  }

  final void operand(int field, Address address, int unit) {
    int displacement = address.displacement();
    int base = address.base().number() & 7;
    boolean divided = displacement % unit == 0;
    int units = displacement / unit;
    if (displacement == 0 && base != NO_BASE) {
      form(0x00, field, base);
    } else if (divided && units == (byte) units) {
      form(0x40, field, base);
      put(units);
    } else {
      form(0x80, field, base);
      word(displacement);
    }
  }

  private void form(int mode, int field, int base) {
    put(mode | (field & 7) << 3 | base);
    if (base == Register.RSP.number()) {
      put(0x24); // no index
    }
  }

  final void word(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      put(value >> shift);
    }
  }

  final void put(int value) {
    if (size == code.length) {
      code = Arrays.copyOf(code, 2 * size);
    }
    code[size++] = (byte) value;
  }
}
