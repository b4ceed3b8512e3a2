package halftone.kernel.trials;

import static halftone.machine.Register.R10;
import static halftone.machine.Register.R11;
import static halftone.machine.Register.R8;
import static halftone.machine.Register.R9;
import static halftone.machine.Register.RAX;
import static halftone.machine.Register.RBX;
import static halftone.machine.Register.RCX;
import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RDX;
import static halftone.machine.Register.RSI;

import halftone.machine.Address;
import halftone.machine.Assembler;
import halftone.machine.InstructionSet;
import halftone.machine.Register;
import halftone.numeric.Groups;

/// Emits a scale search with a group in each lane, as [VectorTrials] has it in Java: a function of
/// the addresses of weights, of what they count, of the results, of a room and of the constants,
/// and of how many times the lanes of a vector there are groups.
///
/// The compiler of the virtual machine takes half a second for the same, and may then box vectors.
abstract class SearchEmitter {
  /// Bytes of the constants before the trials' extents, a word each.
  static final int EXTENTS = 6 * Integer.BYTES;

  private static final int MAGIC_AT = 0;
  private static final int LOWEST_AT = Integer.BYTES;
  private static final int HIGHEST_AT = 2 * Integer.BYTES;
  private static final int MAGNITUDE_AT = 3 * Integer.BYTES;

  /// A constant of the search.
  static final int OWN_AT = 4 * Integer.BYTES;

  static final int ONE_AT = 5 * Integer.BYTES;

  /// Registers for what passes, and of what every search has.
  static final int T = 0;

  static final int U = 1;
  static final int V = 2;
  static final int TRIAL = 3;
  static final int HIGHEST = 13;
  static final int LOWEST = 14;
  static final int MAGIC = 15;

  /// Vector registers that are masks where vectors are narrow.
  private static final int NARROW_MASKS = 11;

  /// What a search keeps of an element: its weight, what that counts, and one number more.
  private static final int KEPT = 3;

  /// Vectors behind the elements.
  private static final int SLOTS = 8;

  final Assembler a;
  private final int lanes;
  private final int elements;

  SearchEmitter(InstructionSet set, int elements) {
    if (elements % Squares.SIDE != 0) {
      throw new IllegalArgumentException("groups of " + elements + " weights");
    }
    this.a = new Assembler(set);
    this.lanes = set.vectorBytes() / Float.BYTES;
    this.elements = elements;
  }

  /// Bytes of the room.
  static long room(InstructionSet set, int elements) {
    return (long) (elements * KEPT + SLOTS) * set.vectorBytes();
  }

  /// The words before the extents.
  ///
  /// @param own for [#OWN_AT]
  static int[] constants(int leastCode, int mostCode, float own) {
    int zero = Float.floatToRawIntBits(VectorTrials.MAGIC);
    return new int[] {
      zero,
      zero + leastCode,
      zero + mostCode,
      Integer.MAX_VALUE,
      Float.floatToRawIntBits(own),
      Float.floatToRawIntBits(1)
    };
  }

  final byte[] function() {
    a.push(RBX);
    a.vpbroadcastd(MAGIC, R8.at(MAGIC_AT));
    a.vpbroadcastd(LOWEST, R8.at(LOWEST_AT));
    a.vpbroadcastd(HIGHEST, R8.at(HIGHEST_AT));
    // Narrow vectors take the results' halves by turns.
    boolean isHalf = lanes < Groups.TOGETHER;
    a.mov(R10, isHalf ? vector() : Groups.RESULTS);
    a.mov(R11, isHalf ? Groups.RESULTS - vector() : Groups.RESULTS);
    int groups = a.label();
    spread(RDI, 0);
    spread(RSI, 1);
    a.mov(RAX, R8);
    a.add(RAX, EXTENTS);
    search();
    a.add(RDI, elements * vector());
    a.add(RSI, elements * vector());
    a.add(RDX, R10);
    a.push(R10);
    a.mov(R10, R11);
    a.pop(R11);
    a.dec(R9);
    a.jnz(groups);
    a.pop(RBX);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  /// Emits: the search for the groups that are in the room, with its results. RAX is the address of
  /// the extents.
  abstract void search();

  /// Emits: as many times as there are trials.
  final void repeat(int trials, Runnable trial) {
    a.mov(RBX, trials);
    int again = a.label();
    trial.run();
    a.dec(RBX);
    a.jnz(again);
  }

  /// Emits: the next extent for all lanes.
  final void nextExtent(int register) {
    a.vpbroadcastd(register, RAX.at(0));
    a.add(RAX, Float.BYTES);
  }

  /// Emits: turns a weight over its step into the nearest code. Kept inside their range are
  /// integers: of floats to which [#MAGIC] was added the bits rise with the value.
  final void round(int register) {
    a.vaddps(register, register, MAGIC);
    a.vpmaxsd(register, register, LOWEST);
    a.vpminsd(register, register, HIGHEST);
    a.vsubps(register, register, MAGIC);
  }

  final void zero(int register) {
    a.vpxor(register, register, register);
  }

  final void constant(int register, int at) {
    a.vpbroadcastd(register, R8.at(at));
  }

  /// Emits: bits that leave the sign away.
  final void magnitudeBits(int register) {
    constant(register, MAGNITUDE_AT);
  }

  final void give(int kind, int register) {
    a.vmovups(RDX.at(kind), register);
  }

  final int elements() {
    return elements;
  }

  final Address x(int i) {
    return kept(i, 0);
  }

  final Address w(int i) {
    return kept(i, 1);
  }

  final Address third(int i) {
    return kept(i, 2);
  }

  final Address slot(int number) {
    return RCX.at((elements * KEPT + number) * vector());
  }

  /// One of two masks.
  final int mask(int number) {
    return lanes < Groups.TOGETHER ? NARROW_MASKS + number : 1 + number;
  }

  private int vector() {
    return lanes * Float.BYTES;
  }

  private Address kept(int i, int number) {
    return RCX.at((i * KEPT + number) * vector());
  }

  /// Emits: turns groups, one behind the other, into elements, one group in each lane.
  private void spread(Register from, int number) {
    for (int i = 0; i < elements; i += Squares.SIDE) {
      int first = i;
      Squares.read(a, lanes, group -> from.at((group * elements + first) * Float.BYTES));
      for (int k = 0; k < Squares.SIDE; k++) {
        Squares.column(a, T, k);
        a.vmovups(kept(i + k, number), T);
      }
    }
  }
}
