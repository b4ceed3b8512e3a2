package halftone.machine;

import static halftone.machine.Register.RAX;
import static halftone.machine.Register.RBX;
import static halftone.machine.Register.RCX;
import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RDX;
import static halftone.machine.Register.RSI;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Which instructions may be used: what the CPU announces *and* the operating system keeps the
/// registers of. A CPU alone says too much: an instruction that is not allowed ends the process.
///
/// @param avx2 256-bit vectors of integers, with products of bytes in 16 bits, fused products of
///   floats and conversion of halves
/// @param avxVnni products of bytes in 32 bits, of 256-bit vectors with the VEX prefix
/// @param avx512Vnni the same of 256- and 512-bit vectors: AVX-512 F, BW, VL and VNNI
record Cpu(boolean avx2, boolean avxVnni, boolean avx512Vnni) {
  private static final int FEATURES = 7;

  /// Bits of ECX of leaf 1.
  private static final int FMA = 12;

  private static final int OSXSAVE = 27;
  private static final int F16C = 29;

  /// Bits of EBX of leaf 7.
  private static final int AVX2 = 5;

  private static final int AVX512F = 16;
  private static final int AVX512BW = 30;
  private static final int AVX512VL = 31;

  /// Bits of ECX of leaf 7.
  private static final int AVX512_VNNI = 11;

  /// Bits of EAX of leaf 7, subleaf 1.
  private static final int AVX_VNNI = 4;

  /// Vector registers of 128 and 256 bits, in XCR0.
  private static final int NARROW_VECTORS = 0x06;

  /// Those, registers of 512 bits and masks.
  private static final int ALL_VECTORS = 0xE6;

  /// What runs here; nothing where the machine is another than x86-64 with Linux.
  static Cpu here() {
    if (!System.getProperty("os.arch").equals("amd64")
        || !System.getProperty("os.name").equals("Linux")) {
      return new Cpu(false, false, false);
    }
    MethodHandle cpuid =
        MachineCode.function(cpuid(), FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment basic = arena.allocate(4L * Integer.BYTES, Integer.BYTES);
      MemorySegment extended = arena.allocate(4L * Integer.BYTES, Integer.BYTES);
      MemorySegment more = arena.allocate(4L * Integer.BYTES, Integer.BYTES);
      cpuid.invokeExact(0L, 0L, basic);
      int last = basic.getAtIndex(JAVA_INT, 0);
      cpuid.invokeExact(1L, 0L, basic);
      if (last < FEATURES || !bit(basic, 2, OSXSAVE)) {
        return new Cpu(false, false, false);
      }
      cpuid.invokeExact((long) FEATURES, 0L, extended);
      if (extended.getAtIndex(JAVA_INT, 0) > 0) {
        cpuid.invokeExact((long) FEATURES, 1L, more);
      }
      int kept = kept();
      boolean avx2 =
          (kept & NARROW_VECTORS) == NARROW_VECTORS
              && bit(extended, 1, AVX2)
              && bit(basic, 2, FMA)
              && bit(basic, 2, F16C);
      boolean avx512 =
          (kept & ALL_VECTORS) == ALL_VECTORS
              && bit(extended, 1, AVX512F)
              && bit(extended, 1, AVX512BW)
              && bit(extended, 1, AVX512VL)
              && bit(extended, 2, AVX512_VNNI);
      return new Cpu(avx2, avx2 && bit(more, 0, AVX_VNNI), avx2 && avx512);
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }

  private static boolean bit(MemorySegment registers, int register, int bit) {
    return (registers.getAtIndex(JAVA_INT, register) >>> bit & 1) == 1;
  }

  /// (leaf, subleaf, where EAX, EBX, ECX and EDX go).
  private static byte[] cpuid() {
    Assembler a = new Assembler(InstructionSet.NONE);
    a.push(RBX);
    a.mov(Register.R9, RDX);
    a.mov(RAX, RDI);
    a.mov(RCX, RSI);
    a.cpuid();
    a.mov(RDI, Register.R9);
    a.movd(RDI.at(0), RAX);
    a.movd(RDI.at(4), RBX);
    a.movd(RDI.at(8), RCX);
    a.movd(RDI.at(12), RDX);
    a.pop(RBX);
    a.ret();
    return a.code();
  }

  /// The lower half of XCR0: registers that the operating system keeps. Only where it says so.
  private static int kept() throws Throwable {
    Assembler a = new Assembler(InstructionSet.NONE);
    a.mov(RCX, 0);
    a.xgetbv();
    a.ret();
    return (int) MachineCode.function(a.code(), FunctionDescriptor.of(JAVA_INT)).invokeExact();
  }
}
