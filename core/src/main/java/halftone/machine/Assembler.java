package halftone.machine;

import java.util.Arrays;

/// Assembles machine code for x86-64 with AVX-512: the instructions that the kernels use, called as
/// Intel's manual calls them, destination first. Vector registers are the numbers 0 to 31, all 512
/// bits wide; a source that is an [Address] is read from memory, by the methods named `…Each` one
/// 32-bit word for all lanes.
///
/// Encodings: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, EVEX prefix
/// in 2.7, its compressed displacements in 2.7.5.
public final class Assembler {
  private static final int NONE = 0;
  private static final int P66 = 1;
  private static final int PF3 = 2;
  private static final int MAP_0F = 1;
  private static final int MAP_0F38 = 2;
  private static final int MAP_0F3A = 3;

  /// Targets of jumps begin at multiples of it, as instructions are fetched.
  private static final int FETCH = 32;

  private static final int NOP = 0x90;
  private static final int INITIAL = 4096;

  private byte[] code = new byte[INITIAL];
  private int size;

  /// The code so far.
  public byte[] code() {
    return Arrays.copyOf(code, size);
  }

  // Loads, stores and moves

  public void vmovdqu32(int to, Address from) {
    memory(MAP_0F, PF3, 0x6F, to, 0, from, 64, false);
  }

  public void vmovdqa32(int to, int from) {
    registers(MAP_0F, P66, 0x6F, to, 0, from);
  }

  public void vmovups(int to, Address from) {
    memory(MAP_0F, NONE, 0x10, to, 0, from, 64, false);
  }

  public void vmovups(Address to, int from) {
    memory(MAP_0F, NONE, 0x11, from, 0, to, 64, false);
  }

  public void vpbroadcastd(int to, Address from) {
    memory(MAP_0F38, P66, 0x58, to, 0, from, 4, false);
  }

  /// Sixteen unsigned bytes as integers.
  public void vpmovzxbd(int to, Address from) {
    memory(MAP_0F38, P66, 0x31, to, 0, from, 16, false);
  }

  /// Sixteen signed bytes as integers.
  public void vpmovsxbd(int to, Address from) {
    memory(MAP_0F38, P66, 0x21, to, 0, from, 16, false);
  }

  /// Sixteen halves as floats.
  public void vcvtph2ps(int to, Address from) {
    memory(MAP_0F38, P66, 0x13, to, 0, from, 32, false);
  }

  public void prefetcht0(Address from) {
    if (from.base().number() > 7) {
      put(0x41);
    }
    put(0x0F);
    put(0x18);
    operand(1, from, 1);
  }

  public void vzeroupper() {
    put(0xC5);
    put(0xF8);
    put(0x77);
  }

  // Integers

  /// Adds products of four neighbouring unsigned bytes of `a` with signed ones of `b` to each lane.
  public void vpdpbusd(int sum, int a, int b) {
    registers(MAP_0F38, P66, 0x50, sum, a, b);
  }

  public void vpdpbusdEach(int sum, int a, Address b) {
    memory(MAP_0F38, P66, 0x50, sum, a, b, 4, true);
  }

  public void vpandd(int to, int a, int b) {
    registers(MAP_0F, P66, 0xDB, to, a, b);
  }

  public void vpaddd(int to, int a, int b) {
    registers(MAP_0F, P66, 0xFE, to, a, b);
  }

  public void vpxord(int to, int a, int b) {
    registers(MAP_0F, P66, 0xEF, to, a, b);
  }

  public void vpsrld(int to, int from, int bits) {
    shift(2, to, from, bits);
  }

  public void vpslld(int to, int from, int bits) {
    shift(6, to, from, bits);
  }

  /// Any function of three bits: bit a·4 + b·2 + c of `table`, a being the destination's.
  public void vpternlogd(int to, int b, int c, int table) {
    registers(MAP_0F3A, P66, 0x25, to, b, c);
    put(table);
  }

  // Floats

  public void vcvtdq2ps(int to, int from) {
    registers(MAP_0F, NONE, 0x5B, to, 0, from);
  }

  public void vmulps(int to, int a, int b) {
    registers(MAP_0F, NONE, 0x59, to, a, b);
  }

  public void vmulpsEach(int to, int a, Address b) {
    memory(MAP_0F, NONE, 0x59, to, a, b, 4, true);
  }

  /// sum + a · b.
  public void vfmadd231ps(int sum, int a, int b) {
    registers(MAP_0F38, P66, 0xB8, sum, a, b);
  }

  /// product · a + b.
  public void vfmadd213ps(int product, int a, Address b) {
    memory(MAP_0F38, P66, 0xA8, product, a, b, 64, false);
  }

  /// sum − a · b.
  public void vfnmadd231psEach(int sum, int a, Address b) {
    memory(MAP_0F38, P66, 0xBC, sum, a, b, 4, true);
  }

  // General registers, 64 bits wide

  public void mov(Register to, Register from) {
    wide(from, to);
    put(0x89);
    direct(from.number(), to.number());
  }

  public void mov(Register to, Address from) {
    wide(to, from.base());
    put(0x8B);
    operand(to.number(), from, 1);
  }

  public void mov(Register to, int value) {
    wide(null, to);
    put(0xC7);
    direct(0, to.number());
    word(value);
  }

  public void add(Register to, Register other) {
    wide(other, to);
    put(0x01);
    direct(other.number(), to.number());
  }

  public void add(Register to, int value) {
    wide(null, to);
    put(0x81);
    direct(0, to.number());
    word(value);
  }

  public void dec(Register register) {
    wide(null, register);
    put(0xFF);
    direct(1, register.number());
  }

  /// Stores the lower half of one of the first eight registers.
  public void movd(Address to, Register from) {
    put(0x89);
    operand(from.number(), to, 1);
  }

  public void push(Register register) {
    put(0x50 | register.number());
  }

  public void pop(Register register) {
    put(0x58 | register.number());
  }

  public void cpuid() {
    put(0x0F);
    put(0xA2);
  }

  public void xgetbv() {
    put(0x0F);
    put(0x01);
    put(0xD0);
  }

  // Control

  public void ret() {
    put(0xC3);
  }

  /// A place to jump back to.
  public int label() {
    while (size % FETCH != 0) {
      put(NOP);
    }
    return size;
  }

  /// Jumps back unless the last result was zero.
  public void jnz(int label) {
    put(0x0F);
    put(0x85);
    word(label - (size + 4));
  }

  // Encoding

  private void shift(int kind, int to, int from, int bits) {
    // The destination stands where others have the first source.
    evex(MAP_0F, P66, kind, to, from & 15, from >> 4, false);
    put(0x72);
    direct(kind, from & 7);
    put(bits);
  }

  private void registers(int map, int prefix, int opcode, int to, int a, int b) {
    evex(map, prefix, to, a, b & 15, b >> 4, false);
    put(opcode);
    direct(to & 7, b & 7);
  }

  /// @param unit bytes read, by which the displacement is divided if it can be
  private void memory(
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
  private void wide(@org.jspecify.annotations.Nullable Register field, Register operand) {
    int high = field == null ? 0 : field.number() >> 3;
    put(0x48 | high << 2 | operand.number() >> 3);
  }

  private void direct(int field, int operand) {
    put(0xC0 | (field & 7) << 3 | operand & 7);
  }

  private void operand(int field, Address address, int unit) {
    int displacement = address.displacement();
    int base = address.base().number() & 7;
    boolean divided = displacement % unit == 0;
    int units = displacement / unit;
    if (displacement == 0) {
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

  private void word(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      put(value >> shift);
    }
  }

  private void put(int value) {
    if (size == code.length) {
      code = Arrays.copyOf(code, 2 * size);
    }
    code[size++] = (byte) value;
  }
}
