package halftone.machine;

/// Assembles machine code for x86-64: the instructions that the kernels use, called as Intel's
/// manual calls them, destination first. Vector registers are the numbers 0 to 31 with 512 bits, or
/// 0 to 15 with 256; lanes are words of 32 bits, 16 or 8. A source that is an [Address] is read
/// from memory.
///
/// Only with 512 bits: [#vpternlogd], [#vpermps] of sixteen floats, and methods named `…Each`,
/// which read one word for all lanes; only with 256: [#vpsignb] and [#vperm2f128].
public final class Assembler extends IntegerInstructions {
  /// For the instructions of a set, or for general registers only.
  public Assembler(InstructionSet set) {
    this(set.vectorBytes() == 64, set == InstructionSet.AVX_VNNI && !InstructionSet.hasVexVnni());
  }

  /// @param productsAreEvex whether [#vpdpbusd] of 256 bits is that of AVX-512, not of AVX-VNNI
  Assembler(boolean isWide, boolean productsAreEvex) {
    super(isWide, productsAreEvex);
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

  /// Stores one half of a vector; only with 256 bits.
  public void vextractf128(Address to, int from, int half) {
    memory(MAP_0F3A, P66, 0x19, from, 0, to, 16, false);
    put(half);
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
