package halftone.kernel.trials;

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

import halftone.machine.Assembler;
import halftone.machine.InstructionSet;
import halftone.numeric.NeighbourLanes;

/// Emits a search among neighbours, eight side by side: most lattice points have no more. A
/// function of the addresses of a room, of the trials' scales, of magnitudes and root weights and
/// of the places, of the bytes before the entry's magnitudes, and of the number of trials.
final class NeighbourEmitter {
  /// Bytes of a vector.
  static final int VECTOR = NeighbourLanes.WIDTH * Float.BYTES;

  /// What the room begins with: the numbers of the lanes, how many there are in each of them, and
  /// the largest integer; behind it what is emitted here to spread out the entry's numbers.
  private static final int LANES_AT = 0;

  private static final int WIDTH_AT = VECTOR;
  private static final int LARGEST_AT = 2 * VECTOR;
  private static final int MAGNITUDES_AT = 3 * VECTOR;

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

  private final Assembler a = new Assembler(InstructionSet.AVX2);
  private final int arity;

  private NeighbourEmitter(int arity) {
    this.arity = arity;
  }

  static byte[] emit(int arity) {
    return new NeighbourEmitter(arity).function();
  }

  /// The numbers that the room begins with.
  static int[] constants() {
    int[] constants = new int[MAGNITUDES_AT / Integer.BYTES];
    for (int lane = 0; lane < NeighbourLanes.WIDTH; lane++) {
      constants[LANES_AT / Integer.BYTES + lane] = lane;
      constants[WIDTH_AT / Integer.BYTES + lane] = NeighbourLanes.WIDTH;
      constants[LARGEST_AT / Integer.BYTES + lane] = Integer.MAX_VALUE;
    }
    return constants;
  }

  /// Where in the room the lists of neighbours are named: for each trial the address of the first
  /// eight and how many there are, in 64 bits each.
  static int lists(int arity) {
    return MAGNITUDES_AT + 2 * arity * VECTOR;
  }

  private int magnitude(int j) {
    return MAGNITUDES_AT + j * VECTOR;
  }

  private int rootWeight(int j) {
    return MAGNITUDES_AT + (arity + j) * VECTOR;
  }

  private byte[] function() {
    a.mov(R10, RSP.at(Long.BYTES));
    a.add(RDX, R9);
    a.add(RCX, R9);
    for (int j = 0; j < arity; j++) {
      a.vpbroadcastd(T, RDX.at(j * Float.BYTES));
      a.vmovups(RDI.at(magnitude(j)), T);
      a.vpbroadcastd(T, RCX.at(j * Float.BYTES));
      a.vmovups(RDI.at(rootWeight(j)), T);
    }
    a.vmovdqu(LANES, RDI.at(LANES_AT));
    a.vmovdqu(WIDTH, RDI.at(WIDTH_AT));
    a.vmovdqu(LARGEST, RDI.at(LARGEST_AT));
    a.mov(R11, RDI);
    a.add(R11, lists(arity));
    int trial = a.label();
    trial();
    a.dec(R10);
    a.jnz(trial);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  private void trial() {
    a.mov(RAX, R11.at(0));
    a.mov(RDX, R11.at(Long.BYTES));
    a.add(R11, 2 * Long.BYTES);
    a.vpbroadcastd(SCALE, RSI.at(0));
    a.add(RSI, Float.BYTES);
    a.vmovdqa(LEAST, LARGEST);
    a.vmovdqa(PLACE, LANES);
    a.vmovdqa(PLACES, LANES);
    int eight = a.label();
    eight();
    a.dec(RDX);
    a.jnz(eight);
    // The least of all lanes in each, then the first place that has it. Of the vector that is
    // stored one number counts: what is behind it the next trial overwrites.
    a.vmovdqa(ERROR, LEAST);
    least(ERROR);
    a.vpcmpeqd(MASK, ERROR, LEAST);
    a.blend(PLACE, LARGEST, PLACE, MASK);
    least(PLACE);
    a.vmovups(R8.at(0), PLACE);
    a.add(R8, Integer.BYTES);
  }

  /// Errors of eight neighbours. They are not negative, and their bits are in their order.
  private void eight() {
    a.vpxor(ERROR, ERROR, ERROR);
    for (int j = 0; j < arity; j++) {
      a.vpmovsxbd(T, RAX.at(j * NeighbourLanes.WIDTH));
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
    a.add(RAX, arity * NeighbourLanes.WIDTH);
  }

  /// Puts the least of all lanes into each.
  private void least(int register) {
    a.vperm2f128(T, register, register, 1);
    a.vpminsd(register, register, T);
    a.vshufps(T, register, register, 0x4E);
    a.vpminsd(register, register, T);
    a.vshufps(T, register, register, 0xB1);
    a.vpminsd(register, register, T);
  }
}
