package halftone.bench.claims;

import static halftone.machine.Register.R8;
import static halftone.machine.Register.R9;
import static halftone.machine.Register.RAX;
import static halftone.machine.Register.RCX;
import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RDX;
import static halftone.machine.Register.RSI;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.Assembler;
import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Products of float32 inputs with 4-bit weights in MARLIN's manner (arXiv 2408.11743), in machine
/// code for 512-bit vectors. A panel is sixteen rows; of every 8 columns a vector has a word of
/// each row, column i at bit 4i; every 128 columns share a float32 scale, which lies in an area of
/// its own. A code q stands for q − 8.
///
/// Three ways through a panel: [#fused] takes codes apart in registers; [#decode] writes them to
/// memory as floats {columns × 16}, and [#dense] multiplies with such.
final class FloatPanels {
  static final int ROWS = 16;
  static final int GROUP = 128;
  private static final int OCTET = 8;
  private static final int LINE = 64;
  private static final int AHEAD = 8192;
  private static final int OFFSET = 8;

  /// Sums that do not wait for each other.
  private static final int CHAINS = 8;

  private static final int TABLE = 31;
  private static final int CODES = 30;
  private static final int SHIFTED = 29;
  private static final int WEIGHTS = 28;
  private static final int SCALE = 27;

  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  /// The floats −8 to 7.
  private static final MemorySegment NUMBERS = Arena.global().allocate(LINE, LINE);

  static {
    for (int code = 0; code < ROWS; code++) {
      NUMBERS.setAtIndex(JAVA_FLOAT, code, code - OFFSET);
    }
  }

  private final MethodHandle fused;
  private final MethodHandle dense;
  private final MethodHandle decode;
  private final int rows;

  /// @param rows of inputs, 1, 2, 4 or 8
  FloatPanels(int rows) {
    if (InstructionSet.chosen() != InstructionSet.AVX512_VNNI) {
      throw new UnsupportedOperationException("this claim is measured with 512-bit vectors only");
    }
    this.rows = rows;
    this.fused = MachineCode.function(fusedCode(), TYPE);
    this.dense = MachineCode.function(denseCode(), TYPE);
    this.decode = MachineCode.function(decodeCode(), TYPE);
  }

  /// Puts codes {16 × columns} into a panel.
  static void pack(byte[] codes, int columns, MemorySegment panel, long at) {
    for (int octet = 0; octet < columns / OCTET; octet++) {
      for (int row = 0; row < ROWS; row++) {
        int word = 0;
        for (int i = 0; i < OCTET; i++) {
          word |= codes[row * columns + octet * OCTET + i] << 4 * i;
        }
        panel.set(JAVA_INT, at + ((long) octet * ROWS + row) * Integer.BYTES, word);
      }
    }
  }

  static long panelBytes(int columns) {
    return (long) columns * ROWS / 2;
  }

  static long scaleBytes(int columns) {
    return (long) columns / GROUP * ROWS * Float.BYTES;
  }

  /// @param codes address of a panel's
  /// @param scales address of a panel's
  /// @param x address of inputs {columns × rows}
  /// @param out address of results {rows × 16}
  void fused(long codes, long scales, long x, long out, int columns) {
    call(fused, codes, scales, x, out, columns / GROUP);
  }

  /// Floats of a panel.
  ///
  /// @param to address of {columns × 16}
  void decode(long codes, long scales, long to, int columns) {
    call(decode, codes, scales, to, 0, columns / GROUP);
  }

  /// @param weights address of {columns × 16}
  void dense(long weights, long x, long out, int columns) {
    call(dense, weights, 0, x, out, columns / OCTET);
  }

  private static void call(MethodHandle code, long a, long b, long c, long d, int count) {
    try {
      code.invokeExact(a, b, c, d, (long) count, NUMBERS.address());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private int copies() {
    return Math.max(1, CHAINS / rows);
  }

  private int sum(int row, int column) {
    return row * copies() + column % copies();
  }

  private int total(int row) {
    return CHAINS + row;
  }

  private byte[] fusedCode() {
    Assembler a = new Assembler(InstructionSet.AVX512_VNNI);
    a.vmovups(TABLE, R9.at(0));
    for (int row = 0; row < rows; row++) {
      a.vpxor(total(row), total(row), total(row));
    }
    int group = a.label();
    clear(a);
    a.mov(RAX, GROUP / OCTET);
    int octet = a.label();
    a.prefetcht1(RDI.at(AHEAD));
    a.vmovdqu(CODES, RDI.at(0));
    for (int i = 0; i < OCTET; i++) {
      weights(a, i);
      multiply(a, WEIGHTS, i);
    }
    a.add(RDI, LINE);
    a.add(RDX, OCTET * rows * Float.BYTES);
    a.dec(RAX);
    a.jnz(octet);
    a.vmovups(SCALE, RSI.at(0));
    for (int row = 0; row < rows; row++) {
      for (int copy = 0; copy < copies(); copy++) {
        a.vfmadd231ps(total(row), sum(row, copy), SCALE);
      }
    }
    a.add(RSI, LINE);
    a.dec(R8);
    a.jnz(group);
    return store(a);
  }

  private byte[] denseCode() {
    Assembler a = new Assembler(InstructionSet.AVX512_VNNI);
    clear(a);
    for (int row = 0; row < rows; row++) {
      a.vpxor(total(row), total(row), total(row));
    }
    int octet = a.label();
    for (int i = 0; i < OCTET; i++) {
      a.prefetcht1(RDI.at(AHEAD + LINE * i));
      a.vmovups(WEIGHTS, RDI.at(LINE * i));
      multiply(a, WEIGHTS, i);
    }
    a.add(RDI, LINE * OCTET);
    a.add(RDX, OCTET * rows * Float.BYTES);
    a.dec(R8);
    a.jnz(octet);
    for (int row = 0; row < rows; row++) {
      for (int copy = 0; copy < copies(); copy++) {
        a.vaddps(total(row), total(row), sum(row, copy));
      }
    }
    return store(a);
  }

  private byte[] decodeCode() {
    Assembler a = new Assembler(InstructionSet.AVX512_VNNI);
    a.vmovups(TABLE, R9.at(0));
    int group = a.label();
    a.vmovups(SCALE, RSI.at(0));
    a.mov(RAX, GROUP / OCTET);
    int octet = a.label();
    a.prefetcht1(RDI.at(AHEAD));
    a.vmovdqu(CODES, RDI.at(0));
    for (int i = 0; i < OCTET; i++) {
      weights(a, i);
      a.vmulps(WEIGHTS, WEIGHTS, SCALE);
      a.vmovups(RDX.at(LINE * i), WEIGHTS);
    }
    a.add(RDI, LINE);
    a.add(RDX, OCTET * LINE);
    a.dec(RAX);
    a.jnz(octet);
    a.add(RSI, LINE);
    a.dec(R8);
    a.jnz(group);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  private void clear(Assembler a) {
    for (int i = 0; i < CHAINS; i++) {
      a.vpxor(i, i, i);
    }
  }

  /// Places in the table wrap around at sixteen: no mask is needed.
  private static void weights(Assembler a, int i) {
    if (i == 0) {
      a.vpermps(WEIGHTS, CODES, TABLE);
    } else {
      a.vpsrld(SHIFTED, CODES, 4 * i);
      a.vpermps(WEIGHTS, SHIFTED, TABLE);
    }
  }

  private void multiply(Assembler a, int weights, int i) {
    for (int row = 0; row < rows; row++) {
      a.vfmadd231psEach(sum(row, i), weights, RDX.at((i * rows + row) * Float.BYTES));
    }
  }

  private byte[] store(Assembler a) {
    for (int row = 0; row < rows; row++) {
      a.vmovups(RCX.at(LINE * row), total(row));
    }
    a.vzeroupper();
    a.ret();
    return a.code();
  }
}
