package halftone.kernel.integer;

import static halftone.machine.Register.R10;
import static halftone.machine.Register.R11;
import static halftone.machine.Register.R8;
import static halftone.machine.Register.R9;
import static halftone.machine.Register.RAX;
import static halftone.machine.Register.RCX;
import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RDX;
import static halftone.machine.Register.RSI;
import static halftone.machine.Register.RSP;

import halftone.machine.Address;
import halftone.machine.Assembler;
import halftone.machine.InstructionSet;
import halftone.numeric.Int8Runs;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Emits the rounding of a tile of [QuantizedRows]: the bits of [RunRounding].
///
/// Arguments: rows of floats and where to begin in them, in bytes, the words of the tiles and where
/// this one begins, likewise, how many runs a row has, and the bytes between the beginnings of two
/// rows of floats. The result is the largest magnitude of all, as bits; where that is infinite or
/// no number, the tile is of no use.
///
/// Vectors have 256 bits with every set: in 512 a run took a tenth longer on a Xeon, whose wide
/// vectors have two units instead of three.
final class TileEmitter {
  /// Constants in memory, each in all lanes, then the order of packed codes.
  private static final int BYTES = 32;

  private static final int LANES = BYTES / Integer.BYTES;
  private static final int VECTORS = QuantizedRows.RUN / LANES;

  private static final int MAGNITUDE = 0;
  private static final int MAGIC = 1;
  private static final int MINUS_MAGIC = 2;
  private static final int LARGEST_CODE = 3;
  private static final int TINY = 4;

  private static final int ORDER = 5;

  private static final MemorySegment TABLE = table();

  /// Memory below the stack that belongs to a function which calls no other.
  private static final Address SPARE = RSP.at(-BYTES);

  // Registers behind those of the run's values.
  private static final int LARGEST = VECTORS;
  private static final int FIRST = VECTORS + 1;
  private static final int LAST = VECTORS + 2;
  private static final int INVERSE = VECTORS + 3;
  private static final int MAGNITUDES = VECTORS + 4;
  private static final int MAGICS = VECTORS + 5;
  private static final int MINUS_MAGICS = VECTORS + 6;
  private static final int LARGEST_CODES = VECTORS + 7;
  private static final int TINIES = VECTORS + 8;
  private static final int ZERO = VECTORS + 9;
  private static final int OF_ALL = VECTORS + 10;
  private static final int WORDS = VECTORS + 11;

  /// Nothing is in it when lanes are compared.
  private static final int MASK = LAST;

  private final Assembler code = new Assembler(InstructionSet.AVX2);
  private final int rows;

  private TileEmitter(int rows) {
    this.rows = rows;
  }

  private static MemorySegment table() {
    int[] each = {
      Integer.MAX_VALUE,
      Float.floatToRawIntBits(RunRounding.MAGIC),
      -RunRounding.MAGIC_BITS,
      Float.floatToRawIntBits(Int8Runs.LARGEST),
      Float.floatToRawIntBits(Int8Runs.TINY)
    };
    MemorySegment memory = Arena.global().allocate((long) BYTES * (each.length + 1), BYTES);
    for (int i = 0; i < each.length * LANES; i++) {
      memory.setAtIndex(ValueLayout.JAVA_INT, i, each[i / LANES]);
    }
    for (int lane = 0; lane < LANES; lane++) {
      int place = Assembler.ORDER_OF_BYTES.get(lane);
      memory.setAtIndex(ValueLayout.JAVA_INT, (long) ORDER * LANES + lane, place);
    }
    return memory;
  }

  /// Where the constants lie, the seventh argument.
  static long tableAddress() {
    return TABLE.address();
  }

  /// @param rows of the tile, 1 to 8
  static byte[] emit(int rows) {
    TileEmitter emitter = new TileEmitter(rows);
    emitter.rows();
    return emitter.code.code();
  }

  private void rows() {
    code.add(RDI, RSI);
    code.add(RDX, RCX);
    loadConstants();
    code.mov(R10, rows);
    int row = code.label();
    code.mov(RSI, RDI);
    code.mov(RCX, RDX);
    code.mov(R11, R8);
    int again = code.label();
    run();
    code.add(RSI, QuantizedRows.RUN * Float.BYTES);
    code.add(RCX, QuantizedRows.runBytes(rows));
    code.dec(R11);
    code.jnz(again);
    code.add(RDI, R9);
    code.add(RDX, Integer.BYTES);
    code.dec(R10);
    code.jnz(row);
    code.vmovups(SPARE, OF_ALL);
    code.movd(RAX, SPARE);
    code.vzeroupper();
    code.ret();
  }

  private void loadConstants() {
    code.mov(RAX, RSP.at(Long.BYTES));
    code.vmovups(MAGNITUDES, RAX.at(MAGNITUDE * BYTES));
    code.vmovups(MAGICS, RAX.at(MAGIC * BYTES));
    code.vmovups(MINUS_MAGICS, RAX.at(MINUS_MAGIC * BYTES));
    code.vmovups(LARGEST_CODES, RAX.at(LARGEST_CODE * BYTES));
    code.vmovups(TINIES, RAX.at(TINY * BYTES));
    code.vmovups(WORDS, RAX.at(ORDER * BYTES));
    code.vpxor(ZERO, ZERO, ZERO);
    code.vpxor(OF_ALL, OF_ALL, OF_ALL);
  }

  private void run() {
    for (int v = 0; v < VECTORS; v++) {
      code.vmovups(v, RSI.at(v * BYTES));
      code.vpand(v == 0 ? LARGEST : FIRST, v, MAGNITUDES);
      if (v > 0) {
        code.vpmaxsd(LARGEST, LARGEST, FIRST); // of floats without signs the bits rise with them
      }
    }
    code.toAllLanes(LARGEST, FIRST, () -> code.vpmaxsd(LARGEST, LARGEST, FIRST));
    code.vpmaxsd(OF_ALL, OF_ALL, LARGEST);
    code.vdivps(INVERSE, LARGEST_CODES, LARGEST);
    code.vcmpps(MASK, LARGEST, TINIES, Assembler.LESS);
    code.blend(INVERSE, INVERSE, ZERO, MASK);
    code.vdivps(LARGEST, LARGEST, LARGEST_CODES);
    for (int v = 0; v < VECTORS; v++) {
      code.vmulps(v, v, INVERSE);
      code.vaddps(v, v, MAGICS);
      code.vpaddd(v, v, MINUS_MAGICS);
    }
    sums();
    codes();
    headers();
  }

  /// Sums of the first and the last sixteen codes: added up together, in 16 bits each.
  private void sums() {
    code.vpaddd(FIRST, 0, 1);
    code.vpaddd(LAST, 2, 3);
    code.vpslld(LAST, LAST, Short.SIZE);
    code.vpaddd(LAST, LAST, FIRST);
    code.toAllLanes(LAST, FIRST, () -> code.vpaddd(LAST, LAST, FIRST));
    code.vpslld(FIRST, LAST, Short.SIZE);
    code.vpsrad(FIRST, FIRST, Short.SIZE);
    code.vpsubd(LAST, LAST, FIRST);
    code.vpsrad(LAST, LAST, Short.SIZE);
  }

  /// Four codes are a word. Those of a single row lie as they are stored.
  private void codes() {
    Address to = rows == 1 ? RCX.at(Integer.BYTES * QuantizedRows.CODES) : SPARE;
    code.toBytes(0, 0, WORDS);
    code.vmovups(to, 0);
    for (int group = 0; group < QuantizedRows.GROUPS && rows > 1; group++) {
      code.movd(RAX, RSP.at(SPARE.displacement() + group * Integer.BYTES));
      code.movd(header(QuantizedRows.CODES + group), RAX);
    }
  }

  private void headers() {
    code.vpaddd(INVERSE, FIRST, LAST);
    store(QuantizedRows.SUM, QuantizedRows.SCALED_SUM, INVERSE);
    store(QuantizedRows.FIRST_SUM, QuantizedRows.FIRST_SCALED_SUM, FIRST);
    store(QuantizedRows.LAST_SUM, QuantizedRows.LAST_SCALED_SUM, LAST);
    code.vmovss(header(QuantizedRows.SCALE), LARGEST);
  }

  /// Stores minus a sum, and the sum times the scale.
  private void store(int negative, int scaled, int sum) {
    code.vpsubd(0, ZERO, sum);
    code.vmovss(header(negative), 0);
    code.vcvtdq2ps(sum, sum);
    code.vmulps(sum, sum, LARGEST);
    code.vmovss(header(scaled), sum);
  }

  private Address header(int kind) {
    return RCX.at(Integer.BYTES * kind * rows);
  }
}
