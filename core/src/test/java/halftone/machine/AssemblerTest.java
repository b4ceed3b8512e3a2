package halftone.machine;

import static halftone.machine.Register.R10;
import static halftone.machine.Register.R11;
import static halftone.machine.Register.R12;
import static halftone.machine.Register.R13;
import static halftone.machine.Register.R14;
import static halftone.machine.Register.R8;
import static halftone.machine.Register.R9;
import static halftone.machine.Register.RAX;
import static halftone.machine.Register.RBX;
import static halftone.machine.Register.RCX;
import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RDX;
import static halftone.machine.Register.RSI;
import static halftone.machine.Register.RSP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes as the GNU assembler writes them.
class AssemblerTest {
  private static Arguments encoded(String bytes, Consumer<Assembler> instruction) {
    return Arguments.of(bytes, instruction);
  }

  static Stream<Arguments> instructions() {
    return Stream.of(
        encoded("62 c1 7e 48 6f 4a 01", a -> a.vmovdqu(17, R10.at(0x40))),
        encoded("62 b1 7d 48 6f ec", a -> a.vmovdqa(5, 20)),
        encoded("62 61 7c 48 10 3a", a -> a.vmovups(31, RDX.at(0))),
        encoded("62 71 7c 48 11 89 c0 7f 00 00", a -> a.vmovups(RCX.at(0x7fc0), 9)),
        encoded("c5 fe 11 69 1c", a -> a.vmovss(RCX.at(0x1c), 5)),
        encoded("c4 41 7e 11 a2 40 01 00 00", a -> a.vmovss(R10.at(0x140), 12)),
        encoded("62 91 75 40 fa de", a -> a.vpsubd(3, 17, 30)),
        encoded("62 b1 5d 48 72 e4 10", a -> a.vpsrad(4, 20, 16)),
        encoded("62 f2 7d 48 58 5e 7f", a -> a.vpbroadcastd(3, RSI.at(0x1fc))),
        encoded("62 72 7d 48 31 67 01", a -> a.vpmovzxbd(12, RDI.at(0x10))),
        encoded("62 c2 7d 48 33 4a 02", a -> a.vpmovzxwd(17, R10.at(0x40))),
        encoded("62 42 7d 48 21 8a 07 00 00 00", a -> a.vpmovsxbd(25, R10.at(0x7))),
        encoded("62 d2 7d 48 13 53 01", a -> a.vcvtph2ps(2, R11.at(0x20))),
        encoded("62 c2 7d 48 5a 69 03", a -> a.vbroadcasti128(21, R9.at(0x30))),
        encoded("62 b2 15 40 00 d2", a -> a.vpshufb(2, 29, 18)),
        encoded("0f 18 8f 00 20 00 00", a -> a.prefetcht0(RDI.at(0x2000))),
        encoded("0f 18 97 00 20 00 00", a -> a.prefetcht1(RDI.at(0x2000))),
        encoded("41 0f 18 52 40", a -> a.prefetcht1(R10.at(0x40))),
        encoded("c5 f8 77", a -> a.vzeroupper()),
        encoded("62 92 75 40 50 ce", a -> a.vpdpbusd(1, 17, 30)),
        encoded("62 e2 6d 58 50 46 01", a -> a.vpdpbusdEach(16, 2, RSI.at(4))),
        encoded("62 81 6d 40 db d5", a -> a.vpand(18, 18, 29)),
        encoded("62 f1 6d 48 fe cb", a -> a.vpaddd(1, 2, 3)),
        encoded("62 a1 5d 40 ef e4", a -> a.vpxor(20, 20, 20)),
        encoded("62 f1 65 40 72 d3 04", a -> a.vpsrld(19, 3, 4)),
        encoded("62 91 45 48 72 f4 02", a -> a.vpslld(7, 28, 2)),
        encoded("62 83 4d 48 25 cf f8", a -> a.vpternlogd(17, 6, 31, 0xf8)),
        encoded("49 89 fa", a -> a.mov(R10, RDI)),
        encoded("4d 8b 41 08", a -> a.mov(R8, R9.at(8))),
        encoded("48 c7 c0 04 00 00 00", a -> a.mov(RAX, 4)),
        encoded("48 8b 54 24 10", a -> a.mov(RDX, RSP.at(16))),
        encoded("4c 01 c3", a -> a.add(RBX, R8)),
        encoded("48 81 c7 40 02 00 00", a -> a.add(RDI, 0x240)),
        encoded("49 ff c8", a -> a.dec(R8)),
        encoded("89 5f 04", a -> a.movd(RDI.at(4), RBX)),
        encoded("41 8b 43 08", a -> a.movd(RAX, R11.at(8))),
        encoded("8b 9f 00 01 00 00", a -> a.movd(RBX, RDI.at(0x100))),
        encoded("53", a -> a.push(RBX)),
        encoded("41 54", a -> a.push(R12)),
        encoded("5b", a -> a.pop(RBX)),
        encoded("41 5e", a -> a.pop(R14)),
        encoded("4d 89 ee", a -> a.mov(R14, R13)),
        encoded("4c 8b 64 24 30", a -> a.mov(R12, RSP.at(48))),
        encoded("62 d1 7c 48 10 4d 00", a -> a.vmovups(1, R13.at(0))),
        encoded("62 d1 7c 48 10 4c 24 01", a -> a.vmovups(1, R12.at(0x40))),
        encoded("0f a2", a -> a.cpuid()),
        encoded("0f 01 d0", a -> a.xgetbv()),
        encoded("c3", a -> a.ret()));
  }

  static Stream<Arguments> floatInstructions() {
    return Stream.of(
        encoded("62 11 7c 48 5b c0", a -> a.vcvtdq2ps(8, 24)),
        encoded("62 51 24 48 58 d4", a -> a.vaddps(10, 11, 12)),
        encoded("62 51 24 48 59 d4", a -> a.vmulps(10, 11, 12)),
        encoded("62 e1 54 50 59 96 04 02 00 00", a -> a.vmulpsEach(18, 21, RSI.at(0x204))),
        encoded("62 22 7d 48 b8 d2", a -> a.vfmadd231ps(26, 0, 18)),
        encoded("62 a2 0d 40 16 d3", a -> a.vpermps(18, 30, 19)),
        encoded("62 72 15 50 b8 42 05", a -> a.vfmadd231psEach(8, 29, RDX.at(20))),
        encoded("62 92 75 40 a8 de", a -> a.vfmadd213ps(3, 17, 30)),
        encoded("62 f2 6d 40 a8 62 0f", a -> a.vfmadd213ps(4, 18, RDX.at(0x3c0))),
        encoded("62 f2 4d 50 bc 26", a -> a.vfnmadd231psEach(4, 22, RSI.at(0))),
        encoded("62 b1 7d 48 5b dc", a -> a.vcvtps2dq(3, 20)),
        encoded("62 d1 5c 40 59 5a 01", a -> a.vmulps(3, 20, R10.at(0x40))),
        encoded("62 51 54 40 5e d4", a -> a.vdivps(10, 21, 12)),
        encoded("62 e1 6c 48 5c cb", a -> a.vsubps(17, 2, 3)),
        encoded("62 71 34 48 5c 49 02", a -> a.vsubps(9, 9, RCX.at(0x80))),
        encoded("62 91 74 48 5d d6", a -> a.vminps(2, 1, 30)),
        encoded("62 f1 74 48 5f d3", a -> a.vmaxps(2, 1, 3)),
        encoded("62 e3 75 48 18 5e 21 03", a -> a.vinsertf128(19, 1, RSI.at(0x210), 3)),
        encoded("62 f1 6c 40 14 ec", a -> a.vunpcklps(5, 18, 4)),
        encoded("62 91 3c 48 15 e8", a -> a.vunpckhps(5, 8, 24)),
        encoded("62 61 4c 48 c6 cf ee", a -> a.vshufps(25, 6, 7, 0xee)),
        encoded("62 b1 64 48 c2 dd 1e", a -> a.vcmpps(3, 3, 21, Assembler.GREATER)),
        encoded("c5 f4 41 da", a -> a.maskAnd(3, 1, 2)),
        encoded("62 b2 5d 4a 65 e9", a -> a.blend(5, 4, 17, 2)),
        encoded("62 d1 6d 48 66 da", a -> a.vpcmpgtd(3, 2, 10)),
        encoded("62 b1 6d 48 76 cc", a -> a.vpcmpeqd(1, 2, 20)),
        encoded("62 d2 6d 48 3d d2", a -> a.vpmaxsd(2, 2, 10)),
        encoded("62 b2 6d 48 39 d4", a -> a.vpminsd(2, 2, 20)));
  }

  static Stream<Arguments> narrowInstructions() {
    return Stream.of(
        encoded("c4 c1 7e 6f 4a 40", a -> a.vmovdqu(1, R10.at(0x40))),
        encoded("c5 7e 6f 8f 20 01 00 00", a -> a.vmovdqu(9, RDI.at(0x120))),
        encoded("c5 7d 6f ea", a -> a.vmovdqa(13, 2)),
        encoded("c4 c1 7d 6f ec", a -> a.vmovdqa(5, 12)),
        encoded("c5 fc 10 1a", a -> a.vmovups(3, RDX.at(0))),
        encoded("c5 7c 11 89 c0 7f 00 00", a -> a.vmovups(RCX.at(0x7fc0), 9)),
        encoded("c4 e2 7d 58 9e fc 01 00 00", a -> a.vpbroadcastd(3, RSI.at(0x1fc))),
        encoded("c4 62 7d 31 67 10", a -> a.vpmovzxbd(12, RDI.at(0x10))),
        encoded("c4 62 7d 33 67 10", a -> a.vpmovzxwd(12, RDI.at(0x10))),
        encoded("c4 42 7d 21 4a 07", a -> a.vpmovsxbd(9, R10.at(7))),
        encoded("c4 c2 7d 13 53 20", a -> a.vcvtph2ps(2, R11.at(0x20))),
        encoded("c4 42 7d 5a 59 20", a -> a.vbroadcasti128(11, R9.at(0x20))),
        encoded("c4 c2 15 00 d0", a -> a.vpshufb(2, 13, 8)),
        encoded("c4 c2 0d 50 c9", a -> a.vpdpbusd(1, 14, 9)),
        encoded("c4 42 65 04 d4", a -> a.vpmaddubsw(10, 3, 12)),
        encoded("c4 c1 5d f5 e7", a -> a.vpmaddwd(4, 4, 15)),
        encoded("c4 c1 55 f5 a1 80 00 00 00", a -> a.vpmaddwd(4, 5, R9.at(0x80))),
        encoded("c4 62 35 08 c1", a -> a.vpsignb(8, 9, 1)),
        encoded("c4 c2 7d 1c fb", a -> a.vpabsb(7, 11)),
        encoded("c4 c1 6d 6b c2", a -> a.vpackssdw(0, 2, 10)),
        encoded("c5 ad 63 c2", a -> a.vpacksswb(0, 10, 2)),
        encoded("c4 41 3d db c5", a -> a.vpand(8, 8, 13)),
        encoded("c4 c1 6d db 51 40", a -> a.vpand(2, 2, R9.at(0x40))),
        encoded("c5 ed eb cb", a -> a.vpor(1, 2, 3)),
        encoded("c5 7d fd de", a -> a.vpaddw(11, 0, 6)),
        encoded("c5 ed fe cb", a -> a.vpaddd(1, 2, 3)),
        encoded("c4 41 1d ef e4", a -> a.vpxor(12, 12, 12)),
        encoded("c4 c1 4d f8 b1 a0 00 00 00", a -> a.vpsubb(6, 6, R9.at(0xa0))),
        encoded("c5 b5 72 d3 04", a -> a.vpsrld(9, 3, 4)),
        encoded("c4 c1 45 72 f2 13", a -> a.vpslld(7, 10, 19)));
  }

  static Stream<Arguments> narrowFloatInstructions() {
    return Stream.of(
        encoded("c4 41 7c 5b c6", a -> a.vcvtdq2ps(8, 14)),
        encoded("c4 41 24 59 d4", a -> a.vmulps(10, 11, 12)),
        encoded("c4 c1 7d 5b dc", a -> a.vcvtps2dq(3, 12)),
        encoded("c4 c1 6c 59 5a 40", a -> a.vmulps(3, 2, R10.at(0x40))),
        encoded("c4 41 24 5e d4", a -> a.vdivps(10, 11, 12)),
        encoded("c5 ec 5c fb", a -> a.vsubps(7, 2, 3)),
        encoded("c5 34 5c 89 80 00 00 00", a -> a.vsubps(9, 9, RCX.at(0x80))),
        encoded("c4 c1 74 5d d5", a -> a.vminps(2, 1, 13)),
        encoded("c5 f4 5f d3", a -> a.vmaxps(2, 1, 3)),
        encoded("c4 63 75 18 8e 10 02 00 00 01", a -> a.vinsertf128(9, 1, RSI.at(0x210), 1)),
        encoded("c5 bc 14 ec", a -> a.vunpcklps(5, 8, 4)),
        encoded("c4 c1 3c 15 ee", a -> a.vunpckhps(5, 8, 14)),
        encoded("c5 4c c6 ff 44", a -> a.vshufps(15, 6, 7, 0x44)),
        encoded("c4 41 64 c2 eb 1e", a -> a.vcmpps(13, 3, 11, Assembler.GREATER)),
        encoded("c5 f5 db da", a -> a.maskAnd(3, 1, 2)),
        encoded("c4 e3 5d 4a ef e0", a -> a.blend(5, 4, 7, 14)),
        encoded("c4 63 75 06 c9 01", a -> a.vperm2f128(9, 1, 1, 1)),
        encoded("c4 c1 7e 5b d9", a -> a.vcvttps2dq(3, 9)),
        encoded("c4 43 7d 1d cc 00", a -> a.vcvtps2ph(12, 9)),
        encoded("c4 c1 7d d7 c1", a -> a.vpmovmskb(RAX, 9)),
        encoded("c4 e3 7d 19 46 02 00", a -> a.vextractf128(RSI.at(2), 0, 0)),
        encoded("c4 43 7d 19 4a 40 01", a -> a.vextractf128(R10.at(0x40), 9, 1)),
        encoded("c4 41 6d 66 ea", a -> a.vpcmpgtd(13, 2, 10)),
        encoded("c5 2d 76 ea", a -> a.vpcmpeqd(13, 10, 2)),
        encoded("c4 c2 6d 3d d2", a -> a.vpmaxsd(2, 2, 10)),
        encoded("c4 c2 6d 39 d4", a -> a.vpminsd(2, 2, 12)),
        encoded("c4 c2 7d b8 f1", a -> a.vfmadd231ps(6, 0, 9)),
        encoded("c4 c2 35 a8 dc", a -> a.vfmadd213ps(3, 9, 12)),
        encoded("c5 fc 5a 5f 10", a -> a.vcvtps2pd(3, RDI.at(0x10))),
        encoded("c4 c1 35 59 dc", a -> a.vmulpd(3, 9, 12)),
        encoded("c4 c1 35 58 dc", a -> a.vaddpd(3, 9, 12)),
        encoded("c4 c1 35 fa dc", a -> a.vpsubd(3, 9, 12)),
        encoded("c4 c1 5d 72 e4 10", a -> a.vpsrad(4, 12, 16)),
        encoded("c4 e2 3d a8 a2 c0 03 00 00", a -> a.vfmadd213ps(4, 8, RDX.at(0x3c0))),
        encoded("c4 e2 1d bc e3", a -> a.vfnmadd231ps(4, 12, 3)));
  }

  @ParameterizedTest
  @MethodSource({"instructions", "floatInstructions"})
  void encodesAsTheGnuAssembler(String bytes, Consumer<Assembler> instruction) {
    assertEncoded(bytes, new Assembler(true, false), instruction);
  }

  @ParameterizedTest
  @MethodSource({"narrowInstructions", "narrowFloatInstructions"})
  void encodesNarrowVectorsAsTheGnuAssembler(String bytes, Consumer<Assembler> instruction) {
    assertEncoded(bytes, new Assembler(false, false), instruction);
  }

  @Test
  void productsOfBytesAreAvx512sWhereTheCpuHasNoOther() {
    assertEncoded("62 d2 0d 28 50 c9", new Assembler(false, true), a -> a.vpdpbusd(1, 14, 9));
  }

  private static void assertEncoded(
      String bytes, Assembler assembler, Consumer<Assembler> instruction) {
    instruction.accept(assembler);
    assertThat(HexFormat.ofDelimiter(" ").formatHex(assembler.code())).isEqualTo(bytes);
  }

  /// Before a label the CPU does nothing, by as few instructions as there can be.
  @ParameterizedTest
  @CsvSource({
    "31, 90",
    "30, 66 90",
    "29, 0f 1f 00",
    "28, 0f 1f 40 00",
    "27, 0f 1f 44 00 00",
    "26, 66 0f 1f 44 00 00",
    "25, 0f 1f 80 00 00 00 00",
    "24, 0f 1f 84 00 00 00 00 00",
    "23, 0f 1f 84 00 00 00 00 00 90"
  })
  void labelsBeginAtMultiplesOf32(int before, String nothing) {
    Assembler assembler = new Assembler(InstructionSet.NONE);
    for (int i = 0; i < before; i++) {
      assembler.ret();
    }
    assertThat(assembler.label()).isEqualTo(32);
    byte[] code = assembler.code();
    assertThat(HexFormat.ofDelimiter(" ").formatHex(code, before, code.length)).isEqualTo(nothing);
  }

  @Test
  void jumpsGoBackToLabels() {
    Assembler assembler = new Assembler(InstructionSet.NONE);
    assembler.ret();
    int label = assembler.label();
    assertThat(label).isEqualTo(32);
    assembler.dec(RAX);
    assembler.jnz(label);
    // 48 ff c8, then 0f 85 and minus the nine bytes so far.
    assertThat(HexFormat.of().formatHex(assembler.code(), 32, 41)).isEqualTo("48ffc80f85f7ffffff");
  }
}
