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
final class Cpu {
  private static final int FEATURES = 7;

  /// Bits of ECX of leaf 1.
  private static final int OSXSAVE = 27;

  /// Bits of EBX of leaf 7.
  private static final int AVX512F = 16;

  private static final int AVX512BW = 30;
  private static final int AVX512VL = 31;

  /// Bits of ECX of leaf 7.
  private static final int AVX512_VNNI = 11;

  /// Vector registers of 128, 256 and 512 bits and masks, in XCR0.
  private static final int ALL_VECTORS = 0xE6;

  private Cpu() {}

  /// Whether 512-bit kernels with byte products run here: AVX-512 F, BW, VL and VNNI.
  static boolean hasAvx512Vnni() {
    if (!System.getProperty("os.arch").equals("amd64")
        || !System.getProperty("os.name").equals("Linux")) {
      return false;
    }
    MethodHandle cpuid =
        MachineCode.function(cpuid(), FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment registers = arena.allocate(4L * Integer.BYTES, Integer.BYTES);
      cpuid.invokeExact(0L, 0L, registers);
      if (registers.getAtIndex(JAVA_INT, 0) < FEATURES) {
        return false;
      }
      cpuid.invokeExact(1L, 0L, registers);
      if (!bit(registers, 2, OSXSAVE) || (kept() & ALL_VECTORS) != ALL_VECTORS) {
        return false;
      }
      cpuid.invokeExact((long) FEATURES, 0L, registers);
      return bit(registers, 1, AVX512F)
          && bit(registers, 1, AVX512BW)
          && bit(registers, 1, AVX512VL)
          && bit(registers, 2, AVX512_VNNI);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean bit(MemorySegment registers, int register, int bit) {
    return (registers.getAtIndex(JAVA_INT, register) >>> bit & 1) == 1;
  }

  /// (leaf, subleaf, where EAX, EBX, ECX and EDX go).
  private static byte[] cpuid() {
    Assembler a = new Assembler();
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
    Assembler a = new Assembler();
    a.mov(RCX, 0);
    a.xgetbv();
    a.ret();
    return (int) MachineCode.function(a.code(), FunctionDescriptor.of(JAVA_INT)).invokeExact();
  }
}
