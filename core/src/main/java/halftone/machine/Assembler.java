package halftone.machine;

/// Assembles machine code for x86-64: the instructions that the kernels use, called as Intel's
/// manual calls them, destination first. Vector registers are the numbers 0 to 31 with 512 bits, or
/// 0 to 15 with 256; lanes are words of 32 bits, 16 or 8. A source that is an [Address] is read
/// from memory.
///
/// Only with 512 bits: [#vpternlogd], [#vpermps] of sixteen floats, and methods named `…Each`,
/// which read one word for all lanes; only with 256: [#vpsignb] and [#vperm2f128].
public final class Assembler extends FloatInstructions {
  private final boolean productsAreEvex;

  /// For the instructions of a set, or for general registers only.
  public Assembler(InstructionSet set) {
    this(set.vectorBytes() == 64, set == InstructionSet.AVX_VNNI && !InstructionSet.hasVexVnni());
  }

  /// @param productsAreEvex whether [#vpdpbusd] of 256 bits is that of AVX-512, not of AVX-VNNI
  Assembler(boolean isWide, boolean productsAreEvex) {
    super(isWide);
    this.productsAreEvex = productsAreEvex;
  }

  // Loads, stores and moves

  public void vmovdqu(int to, Address from) {
    memory(MAP_0F, PF3, 0x6F, to, 0, from, 64, false);
  }

  public void vmovdqa(int to, int from) {
    registers(MAP_0F, P66, 0x6F, to, 0, from);
  }

  public void vmovups(int to, Address from) {
    memory(MAP_0F, NONE, 0x10, to, 0, from, 64, false);
  }

  public void vmovups(Address to, int from) {
    memory(MAP_0F, NONE, 0x11, from, 0, to, 64, false);
  }

  /// Stores the first lane of one of the first sixteen registers.
  public void vmovss(Address to, int from) {
    narrowVex(MAP_0F, PF3, 0x11, from, to);
  }

  public void vpbroadcastd(int to, Address from) {
    memory(MAP_0F38, P66, 0x58, to, 0, from, 4, false);
  }

  /// Unsigned bytes as integers, as many as there are lanes.
  public void vpmovzxbd(int to, Address from) {
    memory(MAP_0F38, P66, 0x31, to, 0, from, 16, false);
  }

  /// Unsigned 16-bit numbers as integers, as many as there are lanes.
  public void vpmovzxwd(int to, Address from) {
    memory(MAP_0F38, P66, 0x33, to, 0, from, 32, false);
  }

  /// Signed bytes as integers, as many as there are lanes.
  public void vpmovsxbd(int to, Address from) {
    memory(MAP_0F38, P66, 0x21, to, 0, from, 16, false);
  }

  /// Halves as floats, as many as there are lanes.
  public void vcvtph2ps(int to, Address from) {
    memory(MAP_0F38, P66, 0x13, to, 0, from, 32, false);
  }

  /// Sixteen bytes in every quarter or half.
  public void vbroadcasti128(int to, Address from) {
    memory(MAP_0F38, P66, 0x5A, to, 0, from, 16, false);
  }

  /// Fetches a line into the first cache.
  public void prefetcht0(Address from) {
    prefetch(1, from);
  }

  /// Fetches a line into the second cache.
  public void prefetcht1(Address from) {
    prefetch(2, from);
  }

  private void prefetch(int cache, Address from) {
    if (from.base().number() > 7) {
      put(0x41);
    }
    put(0x0F);
    put(0x18);
    operand(cache, from, 1);
  }

  public void vzeroupper() {
    put(0xC5);
    put(0xF8);
    put(0x77);
  }

  // Integers

  /// Adds products of four neighbouring unsigned bytes of `a` with signed ones of `b` to each lane.
  public void vpdpbusd(int sum, int a, int b) {
    if (productsAreEvex) {
      narrowRegisters(MAP_0F38, P66, 0x50, sum, a, b);
    } else {
      registers(MAP_0F38, P66, 0x50, sum, a, b);
    }
  }

  public void vpdpbusdEach(int sum, int a, Address b) {
    memory(MAP_0F38, P66, 0x50, sum, a, b, 4, true);
  }

  /// Products of two neighbouring unsigned bytes of `a` with signed ones of `b`, added up in 16
  /// bits; what these do not hold becomes the nearest that they do.
  public void vpmaddubsw(int to, int a, int b) {
    registers(MAP_0F38, P66, 0x04, to, a, b);
  }

  /// Products of two neighbouring signed 16-bit numbers, added up in 32 bits.
  public void vpmaddwd(int to, int a, int b) {
    registers(MAP_0F, P66, 0xF5, to, a, b);
  }

  public void vpmaddwd(int to, int a, Address b) {
    memory(MAP_0F, P66, 0xF5, to, a, b, 64, false);
  }

  /// Bytes of `a` with their sign turned where the byte of `b` is negative, 0 where it is 0.
  public void vpsignb(int to, int a, int b) {
    registers(MAP_0F38, P66, 0x08, to, a, b);
  }

  public void vpabsb(int to, int from) {
    registers(MAP_0F38, P66, 0x1C, to, 0, from);
  }

  /// Bytes of `table`, sixteen in each quarter or half, at the places that `indices` name.
  public void vpshufb(int to, int table, int indices) {
    registers(MAP_0F38, P66, 0x00, to, table, indices);
  }

  /// Signed words as 16-bit numbers, the nearest that there are: in each half or quarter those of
  /// `a`, then those of `b`.
  public void vpackssdw(int to, int a, int b) {
    registers(MAP_0F, P66, 0x6B, to, a, b);
  }

  /// Signed 16-bit numbers as bytes, likewise.
  public void vpacksswb(int to, int a, int b) {
    registers(MAP_0F, P66, 0x63, to, a, b);
  }

  public void vpand(int to, int a, int b) {
    registers(MAP_0F, P66, 0xDB, to, a, b);
  }

  public void vpand(int to, int a, Address b) {
    memory(MAP_0F, P66, 0xDB, to, a, b, 64, false);
  }

  public void vpor(int to, int a, int b) {
    registers(MAP_0F, P66, 0xEB, to, a, b);
  }

  public void vpaddw(int to, int a, int b) {
    registers(MAP_0F, P66, 0xFD, to, a, b);
  }

  public void vpaddd(int to, int a, int b) {
    registers(MAP_0F, P66, 0xFE, to, a, b);
  }

  /// Of signed words the larger.
  public void vpmaxsd(int to, int a, int b) {
    registers(MAP_0F38, P66, 0x3D, to, a, b);
  }

  /// Of signed words the smaller.
  public void vpminsd(int to, int a, int b) {
    registers(MAP_0F38, P66, 0x39, to, a, b);
  }

  public void vpxor(int to, int a, int b) {
    registers(MAP_0F, P66, 0xEF, to, a, b);
  }

  public void vpsubd(int to, int a, int b) {
    registers(MAP_0F, P66, 0xFA, to, a, b);
  }

  public void vpsubb(int to, int a, Address b) {
    memory(MAP_0F, P66, 0xF8, to, a, b, 64, false);
  }

  public void vpsrld(int to, int from, int bits) {
    shift(2, to, from, bits);
  }

  /// Copies of the sign come from the left.
  public void vpsrad(int to, int from, int bits) {
    shift(4, to, from, bits);
  }

  public void vpslld(int to, int from, int bits) {
    shift(6, to, from, bits);
  }

  /// Any function of three bits: bit a·4 + b·2 + c of `table`, a being the destination's.
  public void vpternlogd(int to, int b, int c, int table) {
    registers(MAP_0F3A, P66, 0x25, to, b, c);
    put(table);
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

  /// Loads 32 bits; the upper half becomes 0.
  public void movd(Register to, Address from) {
    int high = (to.number() >> 3) << 2 | from.base().number() >> 3;
    if (high != 0) {
      put(0x40 | high);
    }
    put(0x8B);
    operand(to.number(), from, 1);
  }

  public void push(Register register) {
    lifted(0x50, register);
  }

  public void pop(Register register) {
    lifted(0x58, register);
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
}
