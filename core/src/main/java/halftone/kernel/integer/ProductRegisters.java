package halftone.kernel.integer;

import halftone.machine.InstructionSet;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which of the vector registers holds what while a product runs: 32 with 512-bit vectors, else 16.
final class ProductRegisters {
  /// What all lanes are combined with; it lies in the parameters of the code too.
  enum Constant {
    /// 1 in every 16 bits.
    ONES,
    /// [PanelFormat#lowMask] in every word.
    LOW_MASK,
    /// [PanelFormat#highMask] in every word.
    HIGH_MASK
  }

  private final int parts;
  private final int codes;
  private final int spare;
  private final int scales;
  private final int minima;
  private final int superScales;
  private final int superMinima;
  private final int table;
  private final int floats;
  private final boolean sumsFit;
  private final Map<Constant, Integer> constants = new EnumMap<>(Constant.class);

  /// Integer sums come first.
  ///
  /// @param parts vectors that rows of weights take
  ProductRegisters(PanelFormat format, InstructionSet set, int parts, int rows) {
    boolean inPairs = set == InstructionSet.AVX2;
    boolean isWide = set == InstructionSet.AVX512_VNNI;
    int count = isWide ? 32 : 16;
    this.parts = parts;
    int next = parts * rows;
    this.codes = next;
    next += inPairs ? 2 : parts;
    this.spare = next;
    next += inPairs ? 2 : 1;
    this.scales = next;
    next += parts;
    this.minima = next;
    next += format.hasMinimum() ? parts : 0;
    boolean isSuper = format.recordsPerHeader() > 0;
    this.superScales = next;
    next += isSuper ? parts : 0;
    this.superMinima = next;
    next += isSuper && format.hasMinimum() ? parts : 0;
    this.table = next;
    next += format.table() == null ? 0 : 1;
    if (isWide) {
      constants.put(Constant.LOW_MASK, next++);
      constants.put(Constant.HIGH_MASK, next++);
    }
    this.floats = next;
    this.sumsFit = next + parts * rows <= count;
    next += sumsFit ? parts * rows : 0;
    if (!isWide) {
      for (Constant constant : Constant.values()) {
        if (next < count) {
          constants.put(constant, next++);
        }
      }
    }
  }

  /// The integer sum of a row of inputs and a part.
  int sum(int row, int part) {
    return row * parts + part;
  }

  /// Whether the sums of floats have registers too; else they lie in memory.
  boolean sumsFit() {
    return sumsFit;
  }

  /// A sum of floats, counted as the integer sums.
  int floats(int index) {
    return floats + index;
  }

  /// Codes of a part, or, where sums are in 16 bits, of one of two groups.
  int codes(int index) {
    return codes + index;
  }

  int spare() {
    return spare;
  }

  /// Where sums are in 16 bits.
  int secondSpare() {
    return spare + 1;
  }

  int scale(int part) {
    return scales + part;
  }

  int minimum(int part) {
    return minima + part;
  }

  int superScale(int part) {
    return superScales + part;
  }

  int superMinimum(int part) {
    return superMinima + part;
  }

  /// [PanelFormat#table] in every sixteen bytes.
  int table() {
    return table;
  }

  /// Those that have registers.
  Map<Constant, Integer> constants() {
    return constants;
  }

  /// Null where no register was left.
  @Nullable Integer constant(Constant constant) {
    return constants.get(constant);
  }
}
