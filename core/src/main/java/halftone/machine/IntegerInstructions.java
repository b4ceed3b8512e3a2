package halftone.machine;

import java.util.List;

/// Instructions on integers: lanes of 32 bits, 16 or 8.
abstract class IntegerInstructions extends FloatInstructions {
  /// Places of neighbouring fours of bytes behind packing, which works on halves: see [#toBytes].
  public static final List<Integer> ORDER_OF_BYTES = List.of(0, 4, 1, 5, 2, 6, 3, 7);

  private final boolean productsAreEvex;

  /// @param productsAreEvex whether [#vpdpbusd] of 256 bits is that of AVX-512, not of AVX-VNNI
  IntegerInstructions(boolean isWide, boolean productsAreEvex) {
    super(isWide);
    this.productsAreEvex = productsAreEvex;
  }

  /// Adds products of four neighbouring unsigned bytes of `a` with signed ones of `b` to each lane.
  public final void vpdpbusd(int sum, int a, int b) {
    if (productsAreEvex) {
      narrowRegisters(MAP_0F38, P66, 0x50, sum, a, b);
    } else {
      registers(MAP_0F38, P66, 0x50, sum, a, b);
    }
  }

  public final void vpdpbusdEach(int sum, int a, Address b) {
    memory(MAP_0F38, P66, 0x50, sum, a, b, 4, true);
  }

  /// Products of two neighbouring unsigned bytes of `a` with signed ones of `b`, added up in 16
  /// bits; what these do not hold becomes the nearest that they do.
  public final void vpmaddubsw(int to, int a, int b) {
    registers(MAP_0F38, P66, 0x04, to, a, b);
  }

  /// Products of two neighbouring signed 16-bit numbers, added up in 32 bits.
  public final void vpmaddwd(int to, int a, int b) {
    registers(MAP_0F, P66, 0xF5, to, a, b);
  }

  public final void vpmaddwd(int to, int a, Address b) {
    memory(MAP_0F, P66, 0xF5, to, a, b, 64, false);
  }

  /// Bytes of `a` with their sign turned where the byte of `b` is negative, 0 where it is 0.
  public final void vpsignb(int to, int a, int b) {
    registers(MAP_0F38, P66, 0x08, to, a, b);
  }

  public final void vpabsb(int to, int from) {
    registers(MAP_0F38, P66, 0x1C, to, 0, from);
  }

  /// Bytes of `table`, sixteen in each quarter or half, at the places that `indices` name.
  public final void vpshufb(int to, int table, int indices) {
    registers(MAP_0F38, P66, 0x00, to, table, indices);
  }

  /// Signed words as 16-bit numbers, the nearest that there are: in each half or quarter those of
  /// `a`, then those of `b`.
  public final void vpackssdw(int to, int a, int b) {
    registers(MAP_0F, P66, 0x6B, to, a, b);
  }

  /// Signed 16-bit numbers as bytes, likewise.
  public final void vpacksswb(int to, int a, int b) {
    registers(MAP_0F, P66, 0x63, to, a, b);
  }

  /// Words of four neighbouring registers as bytes, the nearest that there are, in their order;
  /// only with 256 bits. The four are no more what they were.
  ///
  /// @param order register with [#ORDER_OF_BYTES]
  public final void toBytes(int to, int first, int order) {
    vpackssdw(first, first, first + 1);
    vpackssdw(first + 2, first + 2, first + 3);
    vpacksswb(to, first, first + 2);
    vpermps(to, order, to);
  }

  /// The highest bits of all bytes, the first byte's the lowest; only with 256 bits.
  public final void vpmovmskb(Register to, int from) {
    registers(MAP_0F, P66, 0xD7, to.number(), 0, from);
  }

  public final void vpand(int to, int a, int b) {
    registers(MAP_0F, P66, 0xDB, to, a, b);
  }

  public final void vpand(int to, int a, Address b) {
    memory(MAP_0F, P66, 0xDB, to, a, b, 64, false);
  }

  public final void vpor(int to, int a, int b) {
    registers(MAP_0F, P66, 0xEB, to, a, b);
  }

  public final void vpaddw(int to, int a, int b) {
    registers(MAP_0F, P66, 0xFD, to, a, b);
  }

  public final void vpaddd(int to, int a, int b) {
    registers(MAP_0F, P66, 0xFE, to, a, b);
  }

  /// Of signed words the larger.
  public final void vpmaxsd(int to, int a, int b) {
    registers(MAP_0F38, P66, 0x3D, to, a, b);
  }

  /// Of signed words the smaller.
  public final void vpminsd(int to, int a, int b) {
    registers(MAP_0F38, P66, 0x39, to, a, b);
  }

  public final void vpxor(int to, int a, int b) {
    registers(MAP_0F, P66, 0xEF, to, a, b);
  }

  public final void vpsubd(int to, int a, int b) {
    registers(MAP_0F, P66, 0xFA, to, a, b);
  }

  public final void vpsubb(int to, int a, Address b) {
    memory(MAP_0F, P66, 0xF8, to, a, b, 64, false);
  }

  public final void vpsrld(int to, int from, int bits) {
    shift(2, to, from, bits);
  }

  /// Copies of the sign come from the left.
  public final void vpsrad(int to, int from, int bits) {
    shift(4, to, from, bits);
  }

  public final void vpslld(int to, int from, int bits) {
    shift(6, to, from, bits);
  }

  /// Any function of three bits: bit a·4 + b·2 + c of `table`, a being the destination's.
  public final void vpternlogd(int to, int b, int c, int table) {
    registers(MAP_0F3A, P66, 0x25, to, b, c);
    put(table);
  }
}
