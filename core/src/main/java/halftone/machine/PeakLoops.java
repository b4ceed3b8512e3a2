package halftone.machine;

import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RSI;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// Loops that do one thing as fast as the CPU can: what kernels are measured against. Only where
/// [InstructionSet#best] is some.
public final class PeakLoops {
  /// Products that do not wait for each other.
  private static final int CHAINS = 16;

  /// Products of bytes and of floats in a vector.
  private static final int BYTES = 64;

  private static final int FLOATS = 16;

  private static final int LINE = 64;
  private static final int LINES = 16;

  /// How far ahead memory is asked for.
  private static final int AHEAD = 16384;

  private static final FunctionDescriptor COUNTED = FunctionDescriptor.ofVoid(JAVA_LONG);
  private static final FunctionDescriptor READING = FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG);

  private final MethodHandle bytes;
  private final MethodHandle floats;
  private final MethodHandle reads;

  public PeakLoops() {
    bytes = MachineCode.function(products(true), COUNTED);
    floats = MachineCode.function(products(false), COUNTED);
    reads = MachineCode.function(reads(), READING);
  }

  /// Multiplies bytes with bytes and adds the products up, in so many rounds.
  ///
  /// @return products
  public long multiplyBytes(long rounds) {
    run(bytes, rounds);
    return rounds * CHAINS * BYTES;
  }

  /// Multiplies floats and adds the products up, in so many rounds.
  ///
  /// @return products
  public long multiplyFloats(long rounds) {
    run(floats, rounds);
    return rounds * CHAINS * FLOATS;
  }

  private static void run(MethodHandle loop, long rounds) {
    try {
      loop.invokeExact(rounds);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /// Reads memory in order.
  ///
  /// @param bytes a multiple of 1024
  public void read(long address, long bytes) {
    try {
      reads.invokeExact(address, bytes / (LINES * LINE));
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] products(boolean ofBytes) {
    Assembler a = new Assembler();
    for (int i = 0; i <= CHAINS; i++) {
      a.vpxord(i, i, i); // zeros: no slow numbers among them
    }
    int loop = a.label();
    for (int i = 0; i < CHAINS; i++) {
      if (ofBytes) {
        a.vpdpbusd(i, CHAINS, CHAINS);
      } else {
        a.vfmadd231ps(i, CHAINS, CHAINS);
      }
    }
    a.dec(RDI);
    a.jnz(loop);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  private static byte[] reads() {
    Assembler a = new Assembler();
    int loop = a.label();
    for (int i = 0; i < LINES; i++) {
      a.prefetcht1(RDI.at(AHEAD + LINE * i));
      a.vmovups(i, RDI.at(LINE * i));
    }
    a.add(RDI, LINES * LINE);
    a.dec(RSI);
    a.jnz(loop);
    a.vzeroupper();
    a.ret();
    return a.code();
  }
}
