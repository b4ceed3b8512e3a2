package halftone.machine;

import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RSI;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// Loops that do one thing as fast as the CPU can: what kernels are measured against. Only where
/// [InstructionSet#chosen] is some, with its instructions.
public final class PeakLoops {
  /// Products that do not wait for each other; a register more holds what is multiplied.
  private static final int CHAINS = 15;

  private static final int LINE = 64;
  private static final int LINES = 16;

  private static final FunctionDescriptor COUNTED = FunctionDescriptor.ofVoid(JAVA_LONG);
  private static final FunctionDescriptor READING = FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG);

  private final MethodHandle bytes;
  private final MethodHandle floats;
  private final MethodHandle reads;

  private final InstructionSet set;

  public PeakLoops(InstructionSet set) {
    this.set = set;
    bytes = MachineCode.function(products(true), COUNTED);
    floats = MachineCode.function(products(false), COUNTED);
    reads = MachineCode.function(reads(), READING);
  }

  /// Multiplies bytes with bytes and adds the products up, in so many rounds.
  ///
  /// @return products
  public long multiplyBytes(long rounds) {
    run(bytes, rounds);
    return rounds * CHAINS * set.vectorBytes();
  }

  /// Multiplies floats and adds the products up, in so many rounds.
  ///
  /// @return products
  public long multiplyFloats(long rounds) {
    run(floats, rounds);
    return rounds * CHAINS * set.vectorBytes() / Float.BYTES;
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

  private byte[] products(boolean ofBytes) {
    Assembler a = new Assembler(set);
    for (int i = 0; i <= CHAINS; i++) {
      a.vpxor(i, i, i); // zeros: no slow numbers among them
    }
    int loop = a.label();
    for (int i = 0; i < CHAINS; i++) {
      if (!ofBytes) {
        a.vfmadd231ps(i, CHAINS, CHAINS);
      } else if (set == InstructionSet.AVX2) {
        a.vpmaddubsw(i, CHAINS, CHAINS); // adding up is another unit's work
      } else {
        a.vpdpbusd(i, CHAINS, CHAINS);
      }
    }
    a.dec(RDI);
    a.jnz(loop);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  private byte[] reads() {
    Assembler a = new Assembler(set);
    int loop = a.label();
    for (int i = 0; i < LINES; i++) {
      a.prefetcht1(RDI.at(Fetching.FAR + LINE * i));
      for (int at = 0; at < LINE; at += set.vectorBytes()) {
        a.vmovups(i % CHAINS, RDI.at(LINE * i + at));
      }
    }
    a.add(RDI, LINES * LINE);
    a.dec(RSI);
    a.jnz(loop);
    a.vzeroupper();
    a.ret();
    return a.code();
  }
}
