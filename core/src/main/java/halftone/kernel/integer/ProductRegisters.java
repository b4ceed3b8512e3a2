package halftone.kernel.integer;

/// Which of the 32 vector registers holds what while a product runs.
final class ProductRegisters {
  private static final int COUNT = 32;

  private final int panels;
  private final int codes;
  private final int spare;
  private final int scales;
  private final int minima;
  private final int superScales;
  private final int superMinima;
  private final int lowMask;
  private final int highMask;
  private final int table;
  private final int floats;
  private final boolean sumsFit;

  /// Integer sums come first.
  ProductRegisters(PanelFormat format, int panels, int rows) {
    this.panels = panels;
    int next = panels * rows;
    this.codes = next;
    next += panels;
    this.spare = next++;
    this.scales = next;
    next += panels;
    this.minima = next;
    next += format.hasMinimum() ? panels : 0;
    boolean isSuper = format.recordsPerHeader() > 0;
    this.superScales = next;
    next += isSuper ? panels : 0;
    this.superMinima = next;
    next += isSuper && format.hasMinimum() ? panels : 0;
    this.lowMask = next++;
    this.highMask = next++;
    this.table = next;
    next += format.table() == null ? 0 : 1;
    this.floats = next;
    this.sumsFit = next + panels * rows <= COUNT;
  }

  /// The integer sum of a row of inputs and a panel.
  int sum(int row, int panel) {
    return row * panels + panel;
  }

  /// Whether the sums of floats have registers too; else they lie in memory.
  boolean sumsFit() {
    return sumsFit;
  }

  /// A sum of floats, counted as the integer sums.
  int floats(int index) {
    return floats + index;
  }

  int codes(int panel) {
    return codes + panel;
  }

  int spare() {
    return spare;
  }

  int scale(int panel) {
    return scales + panel;
  }

  int minimum(int panel) {
    return minima + panel;
  }

  int superScale(int panel) {
    return superScales + panel;
  }

  int superMinimum(int panel) {
    return superMinima + panel;
  }

  /// [PanelFormat#lowMask] in every word.
  int lowMask() {
    return lowMask;
  }

  /// [PanelFormat#highMask] in every word.
  int highMask() {
    return highMask;
  }

  /// [PanelFormat#table] four times.
  int table() {
    return table;
  }
}
