package halftone.kernel.trials;

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

import halftone.machine.Assembler;
import halftone.machine.InstructionSet;
import halftone.machine.Register;
import halftone.numeric.NeighbourLanes;
import java.util.List;

/// Emits all trials of a [halftone.numeric.GridSearch]: a function of the addresses of a [GridRoom]
/// and of the lists of neighbours ([GridLists]), and of the number of entries.
///
/// Lattice points and sums have a trial in each lane, neighbours are looked at eight side by side:
/// most points have no more. So vectors have 256 bits everywhere.
final class GridEmitter {
  private static final int VECTOR = GridRoom.VECTOR;

  private static final List<Register> SAVED = List.of(RBX, R12, R13, R14);

  // Registers for what passes, and the constants of the choice among neighbours.
  private static final int T = 0;
  private static final int U = 1;
  private static final int SCALE = 2;
  private static final int ERROR = 3;
  private static final int LEAST = 4;
  private static final int PLACE = 5;
  private static final int PLACES = 6;
  private static final int MASK = 7;
  private static final int LANES = 8;
  private static final int WIDTH = 9;
  private static final int LARGEST = 10;

  /// Those of rounding to the lattice, where choices and sums have theirs.
  private static final int POINT = 2;

  private static final int ZERO = 3;
  private static final int XQ = 11;
  private static final int QQ = 12;
  private static final int HALF = 11;
  private static final int ONE = 12;
  private static final int ROUNDER = 13;
  private static final int TOP = 14;
  private static final int LEVELS = 15;

  private final Assembler a = new Assembler(InstructionSet.AVX2);
  private final int arity;
  private final int trials;

  private GridEmitter(int arity, int trials) {
    this.arity = arity;
    this.trials = trials;
  }

  static byte[] emit(int arity, int trials) {
    return new GridEmitter(arity, trials).function();
  }

  private byte[] function() {
    SAVED.forEach(a::push);
    a.mov(R9, RDX);
    a.mov(RDX, RSI);
    a.mov(RSI, RDI);
    a.add(RSI, GridRoom.MAGNITUDES);
    a.mov(R8, RDI);
    a.add(R8, GridRoom.POINTS);
    a.vpxor(T, T, T);
    for (int block = 0; block < blocks(); block++) {
      a.vmovups(RDI.at(GridRoom.XQ + block * VECTOR), T);
      a.vmovups(RDI.at(GridRoom.QQ + block * VECTOR), T);
    }
    a.vmovdqu(LANES, RDI.at(GridRoom.LANES));
    a.vmovdqu(WIDTH, RDI.at(GridRoom.WIDTH));
    a.vmovdqu(LARGEST, RDI.at(GridRoom.LARGEST));
    int entry = a.label();
    spreadOut();
    roundingConstants();
    for (int block = 0; block < blocks(); block++) {
      points(block);
    }
    choices();
    rows();
    for (int block = 0; block < blocks(); block++) {
      sums(block);
    }
    a.add(RSI, arity * Float.BYTES);
    a.add(R8, GridRoom.TRIALS);
    a.dec(R9);
    a.jnz(entry);
    SAVED.reversed().forEach(a::pop);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  /// Trials by eights.
  private int blocks() {
    return Math.ceilDiv(trials, NeighbourLanes.WIDTH);
  }

  private static int magnitude(int j) {
    return GridRoom.SPREAD + 2 * j * VECTOR;
  }

  private static int rootWeight(int j) {
    return GridRoom.SPREAD + (2 * j + 1) * VECTOR;
  }

  /// Emits: the entry's numbers, each in all lanes.
  private void spreadOut() {
    for (int j = 0; j < arity; j++) {
      a.vpbroadcastd(T, RSI.at(j * Float.BYTES));
      a.vmovups(RDI.at(magnitude(j)), T);
      a.vpbroadcastd(U, RSI.at(GridRoom.ROOTS - GridRoom.MAGNITUDES + j * Float.BYTES));
      a.vmovups(RDI.at(rootWeight(j)), U);
    }
  }

  /// Emits: what lattice points are rounded with; the choices and sums behind have other numbers
  /// there.
  private void roundingConstants() {
    a.vmovups(HALF, RDI.at(GridRoom.HALF));
    a.vmovups(ONE, RDI.at(GridRoom.ONE));
    a.vmovups(ROUNDER, RDI.at(GridRoom.ROUNDER));
    a.vmovups(TOP, RDI.at(GridRoom.TOP));
    a.vmovups(LEVELS, RDI.at(GridRoom.LEVELS));
    a.vpxor(ZERO, ZERO, ZERO);
  }

  /// Emits: lattice points of eight trials, and where in the table of lists these are.
  private void points(int block) {
    a.vmovups(U, RDI.at(GridRoom.INVERSES + block * VECTOR));
    a.vpxor(POINT, POINT, POINT);
    for (int j = arity - 1; j >= 0; j--) {
      a.vmulps(T, U, RDI.at(magnitude(j)));
      a.vsubps(T, T, ONE);
      a.vmulps(T, T, HALF);
      a.vaddps(T, T, ROUNDER);
      a.vsubps(T, T, ROUNDER);
      a.vmaxps(T, T, ZERO);
      a.vminps(T, T, TOP);
      a.vmulps(POINT, POINT, LEVELS);
      a.vaddps(POINT, POINT, T);
    }
    a.vcvtps2dq(POINT, POINT);
    a.vmovups(R8.at(block * VECTOR), POINT);
    a.vpslld(POINT, POINT, GridLists.SHIFT);
    a.vmovups(RDI.at(GridRoom.OFFSETS + block * VECTOR), POINT);
  }

  /// Emits: which neighbour each trial takes.
  private void choices() {
    a.mov(R11, RDI);
    a.add(R11, GridRoom.OFFSETS);
    a.mov(RCX, R8);
    a.add(RCX, GridRoom.PLACES - GridRoom.POINTS);
    a.mov(R14, trials);
    int trial = a.label();
    a.movd(RAX, R11.at(0));
    a.add(RAX, RDX);
    a.mov(RBX, RAX.at(GridLists.FIRST));
    a.mov(R12, RAX.at(GridLists.EIGHTS));
    a.vpbroadcastd(SCALE, R11.at(GridRoom.SCALES - GridRoom.OFFSETS));
    a.add(R11, Integer.BYTES);
    a.vmovdqa(LEAST, LARGEST);
    a.vmovdqa(PLACE, LANES);
    a.vmovdqa(PLACES, LANES);
    int eight = a.label();
    errors();
    a.dec(R12);
    a.jnz(eight);
    // The least of all lanes in each, then the first place that has it. Of a vector that is stored
    // one number counts: what is behind it the next trial overwrites.
    a.vmovdqa(ERROR, LEAST);
    least(ERROR);
    a.vpcmpeqd(MASK, ERROR, LEAST);
    a.blend(PLACE, LARGEST, PLACE, MASK);
    least(PLACE);
    a.vmovups(RCX.at(0), PLACE);
    a.add(RCX, Integer.BYTES);
    a.dec(R14);
    a.jnz(trial);
  }

  /// Emits: the odd numbers of what each trial took. In a loop of its own, as a choice takes a
  /// hundred cycles, and the CPU has the fewer of them under way the more is done for each.
  private void rows() {
    for (int block = 0; block < blocks(); block++) {
      a.vmovups(T, R8.at(GridRoom.PLACES - GridRoom.POINTS + block * VECTOR));
      a.vpslld(T, T, Integer.numberOfTrailingZeros(arity));
      a.vmovups(RDI.at(GridRoom.TAKEN + block * VECTOR), T);
    }
    a.mov(R11, RDI);
    a.add(R11, GridRoom.OFFSETS);
    a.mov(R13, RDI);
    a.add(R13, GridRoom.ROWS);
    a.mov(R14, trials);
    int trial = a.label();
    a.movd(RAX, R11.at(0));
    a.add(RAX, RDX);
    a.mov(RAX, RAX.at(GridLists.ROWS));
    a.movd(RBX, R11.at(GridRoom.TAKEN - GridRoom.OFFSETS));
    a.add(RAX, RBX);
    a.vpmovsxbd(T, RAX.at(0));
    a.vcvtdq2ps(T, T);
    a.vmovups(R13.at(0), T);
    a.add(R11, Integer.BYTES);
    a.add(R13, arity * Float.BYTES);
    a.dec(R14);
    a.jnz(trial);
  }

  /// Emits: errors of eight neighbours. They are not negative, and their bits are in their order.
  private void errors() {
    a.vpxor(ERROR, ERROR, ERROR);
    for (int j = 0; j < arity; j++) {
      a.vpmovsxbd(T, RBX.at(j * NeighbourLanes.WIDTH));
      a.vcvtdq2ps(T, T);
      a.vmulps(T, T, SCALE);
      a.vsubps(T, T, RDI.at(magnitude(j)));
      a.vmulps(U, T, RDI.at(rootWeight(j)));
      a.vmulps(U, U, T);
      a.vaddps(ERROR, ERROR, U);
    }
    a.vpcmpgtd(MASK, LEAST, ERROR);
    a.vpminsd(LEAST, LEAST, ERROR);
    a.blend(PLACE, PLACE, PLACES, MASK);
    a.vpaddd(PLACES, PLACES, WIDTH);
    a.add(RBX, arity * NeighbourLanes.WIDTH);
  }

  /// Emits: puts the least of all lanes into each.
  private void least(int register) {
    a.vperm2f128(T, register, register, 1);
    a.vpminsd(register, register, T);
    a.vshufps(T, register, register, 0x4E);
    a.vpminsd(register, register, T);
    a.vshufps(T, register, register, 0xB1);
    a.vpminsd(register, register, T);
  }

  /// Emits: adds the entry's products to the sums of eight trials, weight by weight.
  private void sums(int block) {
    a.vmovups(XQ, RDI.at(GridRoom.XQ + block * VECTOR));
    a.vmovups(QQ, RDI.at(GridRoom.QQ + block * VECTOR));
    for (int j = 0; j < arity; j++) {
      int k = j % Squares.SIDE;
      if (k == 0) {
        int first = block * NeighbourLanes.WIDTH * arity + j;
        Squares.read(
            a,
            NeighbourLanes.WIDTH,
            trial -> RDI.at(GridRoom.ROWS + (first + trial * arity) * Float.BYTES));
      }
      Squares.column(a, T, k);
      a.vpbroadcastd(U, RSI.at(GridRoom.WEIGHTS - GridRoom.MAGNITUDES + j * Float.BYTES));
      a.vmulps(SCALE, U, RDI.at(magnitude(j)));
      a.vmulps(SCALE, SCALE, T);
      a.vaddps(XQ, XQ, SCALE);
      a.vmulps(U, U, T);
      a.vmulps(U, U, T);
      a.vaddps(QQ, QQ, U);
    }
    a.vmovups(RDI.at(GridRoom.XQ + block * VECTOR), XQ);
    a.vmovups(RDI.at(GridRoom.QQ + block * VECTOR), QQ);
  }
}
