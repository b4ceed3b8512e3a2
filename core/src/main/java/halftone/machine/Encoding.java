package halftone.machine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The bytes of instructions.
///
/// Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2: EVEX prefix in
/// 2.7, its compressed displacements in 2.7.5.
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

  private static final int NOP = 0x90;
  private static final int INITIAL = 4096;

  private byte[] code = new byte[INITIAL];
  private int size;

  /// The code so far.
  public final byte[] code() {
    return Arrays.copyOf(code, size);
  }

  /// A place to jump back to.
  public final int label() {
    while (size % FETCH != 0) {
      put(NOP);
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
    evex(MAP_0F, P66, kind, to, from & 15, from >> 4, false);
    put(0x72);
    direct(kind, from & 7);
    put(bits);
  }

  final void registers(int map, int prefix, int opcode, int to, int a, int b) {
    evex(map, prefix, to, a, b & 15, b >> 4, false);
    put(opcode);
    direct(to & 7, b & 7);
  }

  /// @param unit bytes read, by which the displacement is divided if it can be
  final void memory(
      int map, int prefix, int opcode, int to, int a, Address b, int unit, boolean each) {
    evex(map, prefix, to, a, b.base().number(), 0, each);
    put(opcode);
    operand(to & 7, b, unit);
  }

  /// @param b the low four bits of the second source or of the base
  /// @param bFive its fifth bit
  private void evex(int map, int prefix, int to, int a, int b, int bFive, boolean each) {
    put(0x62);
    put(
        inverted(to, 3) << 7
            | (~bFive & 1) << 6
            | inverted(b, 3) << 5
            | inverted(to, 4) << 4
            | map);
    put((~a & 15) << 3 | 4 | prefix);
    put(2 << 5 | (each ? 16 : 0) | inverted(a, 4) << 3);
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
