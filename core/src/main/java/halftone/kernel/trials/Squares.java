package halftone.kernel.trials;

import halftone.machine.Address;
import halftone.machine.Assembler;
import java.util.function.IntFunction;

/// Emits the turning of rows into columns, four numbers of as many rows as a vector has lanes. Rows
/// that are four apart lie in the same place of one register, so that what is left to turn are
/// squares of four in each quarter or half. Registers 0 to 7 are used.
final class Squares {
  static final int SIDE = 4;

  private static final int PAIRS = 4;

  /// Of two pairs of rows the first two numbers of each four, and the last two.
  private static final int FIRST = 0x44;

  private static final int LAST = 0xEE;

  private Squares() {}

  /// Emits: reads the rows.
  ///
  /// @param lanes of a vector
  /// @param row where four numbers of a row are
  static void read(Assembler a, int lanes, IntFunction<Address> row) {
    for (int k = 0; k < SIDE; k++) {
      a.vbroadcasti128(k, row.apply(k));
      for (int part = 1; part < lanes / SIDE; part++) {
        a.vinsertf128(k, k, row.apply(k + part * SIDE), part);
      }
    }
    a.vunpcklps(PAIRS, 0, 1);
    a.vunpckhps(PAIRS + 1, 0, 1);
    a.vunpcklps(PAIRS + 2, 2, 3);
    a.vunpckhps(PAIRS + 3, 2, 3);
  }

  /// Emits: one of the four columns into a register, 0 to 3.
  static void column(Assembler a, int to, int column) {
    int pair = PAIRS + column / 2;
    a.vshufps(to, pair, pair + 2, column % 2 == 0 ? FIRST : LAST);
  }
}
