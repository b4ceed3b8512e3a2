package halftone.kernel.mixed;

import static halftone.kernel.mixed.MixedShape.LINES;
import static halftone.kernel.mixed.MixedShape.PANEL;
import static halftone.kernel.mixed.MixedShape.TOGETHER;
import static halftone.machine.Register.R8;
import static halftone.machine.Register.R9;
import static halftone.machine.Register.RAX;
import static halftone.machine.Register.RCX;
import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RDX;
import static halftone.machine.Register.RSI;

import halftone.machine.Assembler;
import halftone.machine.InstructionSet;
import halftone.machine.Register;

/// Emits the product of a pair of panels with a tile: block after block, without a branch inside,
/// as blocks of eight and of four bits go through the same instructions.
///
/// Up to four rows have two sums each, so that no product waits for the one before it.
final class MixedCode {
  private static final int LINE = PANEL * Integer.BYTES;
  private static final int AHEAD = 4096;
  private static final int NIBBLE = 4;
  private static final int FEW_ROWS = 4;

  /// Constants behind [#CONSTANTS]: lines of 0xF0, of 0x0F and of 8, byte by byte.
  static final int[] CONSTANTS = {0xF0F0F0F0, 0x0F0F0F0F, 0x08080808};

  private static final int UPPER = 31;
  private static final int LOWER = 30;
  private static final int EIGHTS = 29;
  private static final int INPUT = 28;
  private static final int TOTAL = 27;
  private static final int WEIGHTS = 22;
  private static final int SCALES = 20;

  private final Assembler a = new Assembler(InstructionSet.AVX512_VNNI);
  private final NibbleForm form;
  private final int rows;

  private MixedCode(NibbleForm form, int rows) {
    this.form = form;
    this.rows = rows;
  }

  /// A function of the addresses of two panels, the tile, {rows × 32} results, how many blocks, and
  /// the address of the constants.
  static byte[] emit(NibbleForm form, int rows) {
    return new MixedCode(form, rows).function();
  }

  private byte[] function() {
    for (int i = 0; i < CONSTANTS.length; i++) {
      a.vmovdqu(UPPER - i, R9.at(i * LINE));
    }
    a.vpxor(TOTAL, TOTAL, TOTAL);
    for (int i = 0; i < rows * TOGETHER; i++) {
      a.vmovups(RCX.at(i * LINE), TOTAL);
    }
    int block = a.label();
    start();
    a.mov(RAX, LINES);
    int line = a.label();
    line();
    a.dec(RAX);
    a.jnz(line);
    end();
    a.dec(R8);
    a.jnz(block);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  private int sums() {
    return rows <= FEW_ROWS ? 2 : 1;
  }

  private int sum(int row, int panel, int half) {
    return (row * TOGETHER + panel) * sums() + half % sums();
  }

  private int weights(int panel, int half) {
    return WEIGHTS + panel * 2 + half;
  }

  private static Register panel(int panel) {
    return panel == 0 ? RDI : RSI;
  }

  /// Sums begin with what takes the inputs' offset off.
  private void start() {
    for (int row = 0; row < rows; row++) {
      for (int panel = 0; panel < TOGETHER; panel++) {
        a.vmovdqu(sum(row, panel, 0), panel(panel).at((LINES + 1) * LINE));
        if (sums() == 2) {
          a.vpxor(sum(row, panel, 1), sum(row, panel, 1), sum(row, panel, 1));
        }
      }
    }
  }

  private void line() {
    for (int panel = 0; panel < TOGETHER; panel++) {
      a.prefetcht1(panel(panel).at(AHEAD));
      takeApart(panel);
      a.add(panel(panel), LINE);
    }
    for (int half = 0; half < 2; half++) {
      for (int row = 0; row < rows; row++) {
        a.vpbroadcastd(INPUT, RDX.at((half * rows + row) * Integer.BYTES));
        for (int panel = 0; panel < TOGETHER; panel++) {
          a.vpdpbusd(sum(row, panel, half), INPUT, weights(panel, half));
        }
      }
    }
    a.add(RDX, 2 * rows * Integer.BYTES);
  }

  private void takeApart(int panel) {
    int first = weights(panel, 0);
    int second = weights(panel, 1);
    a.vmovdqu(first, panel(panel).at(0));
    switch (form) {
      case TIMES_SIXTEEN -> {
        a.vpslld(second, first, NIBBLE);
        a.vpand(first, first, UPPER);
        a.vpand(second, second, UPPER);
      }
      case SIGN_EXTENDED -> {
        a.vpand(second, first, LOWER);
        a.vpsrld(first, first, NIBBLE);
        a.vpand(first, first, LOWER);
        for (int half : new int[] {first, second}) {
          a.vpxor(half, half, EIGHTS);
          a.vpsubb(half, half, R9.at(2 * LINE));
        }
      }
    }
  }

  /// Adds the sums to the results, times both scales.
  private void end() {
    for (int panel = 0; panel < TOGETHER; panel++) {
      a.vmovups(SCALES + panel, panel(panel).at(0));
      a.add(panel(panel), 2 * LINE);
    }
    for (int row = 0; row < rows; row++) {
      for (int panel = 0; panel < TOGETHER; panel++) {
        int sum = sum(row, panel, 0);
        if (sums() == 2) {
          a.vpaddd(sum, sum, sum(row, panel, 1));
        }
        a.vcvtdq2ps(sum, sum);
        a.vmulpsEach(INPUT, SCALES + panel, RDX.at(row * Float.BYTES));
        int at = (row * TOGETHER + panel) * LINE;
        a.vmovups(TOTAL, RCX.at(at));
        a.vfmadd231ps(TOTAL, sum, INPUT);
        a.vmovups(RCX.at(at), TOTAL);
      }
    }
    a.add(RDX, rows * Float.BYTES);
  }
}
