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
final class TileEmitter {
  /// Constants in memory, each in all lanes of the longest vector, then places of lanes.
  private static final int BYTES = 64;

  private static final int MAGNITUDE = 0;
  private static final int MAGIC = 1;
  private static final int MINUS_MAGIC = 2;
  private static final int LARGEST_CODE = 3;
  private static final int TINY = 4;

  /// With 512 bits: the other half of a vector, then the other quarter of a half; with 256: where
  /// the words of packed codes are.
  private static final int FIRST_PLACES = 5;

  private static final int SECOND_PLACES = 6;
  private static final int PACKED_PLACES = 7;

  private static final int[][] PLACES = {
    {8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7},
    {4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11},
    {0, 4, 1, 5, 2, 6, 3, 7, 0, 4, 1, 5, 2, 6, 3, 7}
  };

  private static final MemorySegment TABLE = table();

  /// Swaps of pairs, and of neighbours, among four floats.
  private static final int PAIRS = 0x4E;

  private static final int NEIGHBOURS = 0xB1;

  /// Swaps the halves of 256 bits.
  private static final int HALVES = 1;

  /// Memory below the stack that belongs to a function which calls no other.
  private static final Address SPARE = RSP.at(-BYTES);

  private final Assembler code;
  private final boolean isWide;
  private final int rows;
  private final int vectors;
  private final int vectorBytes;
  private final int largest;
  private final int first;
  private final int last;
  private final int inverse;
  private final int magnitude;
  private final int magic;
  private final int minusMagic;
  private final int largestCode;
  private final int tiny;
  private final int zero;
  private final int ofAll;
  private final int firstPlaces;
  private final int secondPlaces;
  private final int mask;

  private TileEmitter(InstructionSet set, int rows) {
    this.code = new Assembler(set);
    this.isWide = set == InstructionSet.AVX512_VNNI;
    this.rows = rows;
    this.vectorBytes = set.vectorBytes();
    this.vectors = QuantizedRows.RUN * Float.BYTES / vectorBytes;
    int next = vectors;
    this.largest = next++;
    this.first = next++;
    this.last = next++;
    this.inverse = next++;
    this.magnitude = next++;
    this.magic = next++;
    this.minusMagic = next++;
    this.largestCode = next++;
    this.tiny = next++;
    this.zero = next++;
    this.ofAll = next++;
    this.firstPlaces = next++;
    this.secondPlaces = next;
    this.mask = isWide ? 1 : last; // nothing is in that when lanes are compared
  }

  private static MemorySegment table() {
    int[] each = {
      Integer.MAX_VALUE,
      Float.floatToRawIntBits(RunRounding.MAGIC),
      -RunRounding.MAGIC_BITS,
      Float.floatToRawIntBits(Int8Runs.LARGEST),
      Float.floatToRawIntBits(Int8Runs.TINY)
    };
    int lanes = BYTES / Integer.BYTES;
    MemorySegment memory =
        Arena.global().allocate((long) BYTES * (each.length + PLACES.length), BYTES);
    for (int i = 0; i < each.length * lanes; i++) {
      memory.setAtIndex(ValueLayout.JAVA_INT, i, each[i / lanes]);
    }
    for (int i = 0; i < PLACES.length; i++) {
      long to = (long) (each.length + i) * BYTES;
      MemorySegment.copy(PLACES[i], 0, memory, ValueLayout.JAVA_INT, to, lanes);
    }
    return memory;
  }

  /// Where the constants lie, the seventh argument.
  static long tableAddress() {
    return TABLE.address();
  }

  /// @param set other than none
  /// @param rows of the tile, 1 to 8
  static byte[] emit(InstructionSet set, int rows) {
    TileEmitter emitter = new TileEmitter(set, rows);
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
    code.vmovups(SPARE, ofAll);
    code.movd(RAX, SPARE);
    code.vzeroupper();
    code.ret();
  }

  private void loadConstants() {
    code.mov(RAX, RSP.at(Long.BYTES));
    code.vmovups(magnitude, RAX.at(MAGNITUDE * BYTES));
    code.vmovups(magic, RAX.at(MAGIC * BYTES));
    code.vmovups(minusMagic, RAX.at(MINUS_MAGIC * BYTES));
    code.vmovups(largestCode, RAX.at(LARGEST_CODE * BYTES));
    code.vmovups(tiny, RAX.at(TINY * BYTES));
    code.vmovups(firstPlaces, RAX.at((isWide ? FIRST_PLACES : PACKED_PLACES) * BYTES));
    if (isWide) {
      code.vmovups(secondPlaces, RAX.at(SECOND_PLACES * BYTES));
    }
    code.vpxor(zero, zero, zero);
    code.vpxor(ofAll, ofAll, ofAll);
  }

  private void run() {
    for (int v = 0; v < vectors; v++) {
      code.vmovups(v, RSI.at(v * vectorBytes));
      code.vpand(v == 0 ? largest : first, v, magnitude);
      if (v > 0) {
        code.vpmaxsd(largest, largest, first); // of floats without signs the bits rise with them
      }
    }
    toAllLanes(largest, first, () -> code.vpmaxsd(largest, largest, first));
    code.vpmaxsd(ofAll, ofAll, largest);
    code.vdivpsNarrow(inverse, largestCode, largest);
    if (isWide) {
      code.vpermps(inverse, zero, inverse);
    }
    code.vcmpps(mask, largest, tiny, Assembler.LESS);
    code.blend(inverse, inverse, zero, mask);
    code.vdivpsNarrow(largest, largest, largestCode);
    for (int v = 0; v < vectors; v++) {
      code.vmulps(v, v, inverse);
      code.vaddps(v, v, magic);
      code.vpaddd(v, v, minusMagic);
    }
    sums();
    codes();
    headers();
  }

  /// Combines all lanes: with those of the other pair, of the neighbour, and of the other parts.
  ///
  /// @param from where lanes of `values` go to be combined
  private void toAllLanes(int values, int from, Runnable combine) {
    code.vshufps(from, values, values, PAIRS);
    combine.run();
    code.vshufps(from, values, values, NEIGHBOURS);
    combine.run();
    if (isWide) {
      code.vpermps(from, firstPlaces, values);
      combine.run();
      code.vpermps(from, secondPlaces, values);
    } else {
      code.vperm2f128(from, values, values, HALVES);
    }
    combine.run();
  }

  /// Sums of the first and the last sixteen codes: added up together, in 16 bits each.
  private void sums() {
    int half = vectors / 2;
    code.vmovdqa(first, 0);
    code.vmovdqa(last, half);
    for (int v = 1; v < half; v++) {
      code.vpaddd(first, first, v);
      code.vpaddd(last, last, half + v);
    }
    code.vpslld(last, last, Short.SIZE);
    code.vpaddd(last, last, first);
    toAllLanes(last, first, () -> code.vpaddd(last, last, first));
    code.vpslld(first, last, Short.SIZE);
    code.vpsrad(first, first, Short.SIZE);
    code.vpsubd(last, last, first);
    code.vpsrad(last, last, Short.SIZE);
  }

  /// Four codes are a word. Those of a single row lie as they are stored.
  private void codes() {
    Address to = rows == 1 ? RCX.at(Integer.BYTES * QuantizedRows.CODES) : SPARE;
    if (isWide) {
      int half = QuantizedRows.RUN / 2;
      code.vpmovdb(to, 0);
      code.vpmovdb(new Address(to.base(), to.displacement() + half), 1);
    } else {
      code.vpackssdw(0, 0, 1);
      code.vpackssdw(2, 2, 3);
      code.vpacksswb(0, 0, 2);
      code.vpermps(0, firstPlaces, 0);
      code.vmovups(to, 0);
    }
    for (int group = 0; group < QuantizedRows.GROUPS && rows > 1; group++) {
      code.movd(RAX, RSP.at(SPARE.displacement() + group * Integer.BYTES));
      code.movd(header(QuantizedRows.CODES + group), RAX);
    }
  }

  private void headers() {
    code.vpaddd(inverse, first, last);
    store(QuantizedRows.SUM, QuantizedRows.SCALED_SUM, inverse);
    store(QuantizedRows.FIRST_SUM, QuantizedRows.FIRST_SCALED_SUM, first);
    store(QuantizedRows.LAST_SUM, QuantizedRows.LAST_SCALED_SUM, last);
    code.vmovss(header(QuantizedRows.SCALE), largest);
  }

  /// Stores minus a sum, and the sum times the scale.
  private void store(int negative, int scaled, int sum) {
    code.vpsubd(0, zero, sum);
    code.vmovss(header(negative), 0);
    code.vcvtdq2ps(sum, sum);
    code.vmulps(sum, sum, largest);
    code.vmovss(header(scaled), sum);
  }

  private Address header(int kind) {
    return RCX.at(Integer.BYTES * kind * rows);
  }
}
