package halftone.kernel.integer;

import halftone.kernel.Floats;
import halftone.machine.InstructionSet;
import halftone.numeric.Int8Runs;
import halftone.workers.Workers;
import java.lang.foreign.MemorySegment;

/// Rows of inputs as signed bytes under one scale for every 32 columns, the largest magnitude over
/// 127, packed in tiles of up to [#TILE] rows that go through a panel of weights together.
///
/// A tile of T rows is, for each run of 32 columns: T times minus the sum of all codes, of the
/// first sixteen and of the last sixteen; T scales; T sums times their scales, of all, the first
/// and the last; then eight groups of four codes, T times each.
public final class QuantizedRows {
  /// Rows of a full tile.
  public static final int TILE = 8;

  /// Columns that share a scale.
  static final int RUN = Int8Runs.RUN;

  static final int SUM = 0;
  static final int FIRST_SUM = 1;
  static final int LAST_SUM = 2;
  static final int SCALE = 3;
  static final int SCALED_SUM = 4;
  static final int FIRST_SCALED_SUM = 5;
  static final int LAST_SCALED_SUM = 6;
  static final int CODES = 7;
  static final int GROUPS = RUN / PanelFormat.GROUP;

  private static final ThreadLocal<RunRounding> ROUNDING =
      ThreadLocal.withInitial(RunRounding::new);

  private final int[] words;
  private final MemorySegment segment;
  private final int rows;
  private final int columns;
  private float[] codes = {};
  private boolean isSpread;

  private QuantizedRows(int[] words, int rows, int columns) {
    if (columns % RUN != 0 || words.length != length(rows, columns)) {
      throw new IllegalArgumentException(
          "%d rows of %d do not go into %d words".formatted(rows, columns, words.length));
    }
    this.words = words;
    this.segment = MemorySegment.ofArray(words);
    this.rows = rows;
    this.columns = columns;
  }

  /// Words that so many rows take.
  public static int length(int rows, int columns) {
    return Math.multiplyExact(rows, columns / RUN * (CODES + GROUPS));
  }

  /// A row of any content that takes so many words.
  public static QuantizedRows ofLength(int words) {
    return new QuantizedRows(new int[words], 1, words / (CODES + GROUPS) * RUN);
  }

  /// Quantizes `values` {rows × columns, row-major}; they stay as they are.
  ///
  /// @param columns a multiple of 32
  public static QuantizedRows of(float[] values, int rows, int columns, Workers workers) {
    QuantizedRows quantized = new QuantizedRows(new int[length(rows, columns)], rows, columns);
    quantized.fill(new Floats(values), workers);
    return quantized;
  }

  /// The same memory for so many rows, which take as many words: these, or others of any content.
  public QuantizedRows shaped(int newRows, int newColumns) {
    return newRows == rows && newColumns == columns
        ? this
        : new QuantizedRows(words, newRows, newColumns);
  }

  /// Takes in other rows instead.
  ///
  /// @param values {rows × columns, row-major}; they stay as they are
  public void fill(Floats values, Workers workers) {
    fill(values, InstructionSet.chosen(), workers);
  }

  void fill(Floats values, InstructionSet set, Workers workers) {
    isSpread = false;
    values.require(0, rows * columns); // machine code does not look
    if (tiles() == 1) {
      pack(values, 0, set);
    } else {
      workers.forEach(tiles(), tile -> pack(values, tile, set));
    }
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  int[] words() {
    return words;
  }

  MemorySegment segment() {
    return segment;
  }

  /// Words that the rows take.
  public int length() {
    return words.length;
  }

  /// All codes as floats, tile by tile, {columns × 8}; missing rows of the last tile are zeros.
  /// Made when they are first asked for.
  synchronized float[] codes() {
    if (codes.length == 0) {
      codes = new float[tiles() * TILE * columns];
    }
    if (!isSpread) {
      for (int tile = 0; tile < tiles(); tile++) {
        for (int row = 0; row < tileRows(tile); row++) {
          spread(tile, row, codes);
        }
      }
      isSpread = true;
    }
    return codes;
  }

  private void spread(int tile, int row, float[] to) {
    int count = tileRows(tile);
    for (int column = 0; column < columns; column++) {
      int group = column / RUN * (CODES + GROUPS) + CODES + column % RUN / PanelFormat.GROUP;
      int word = words[at(tile) + group * count + row];
      int at = (tile * columns + column) * TILE + row;
      to[at] = (byte) (word >> 8 * (column % PanelFormat.GROUP));
    }
  }

  int tiles() {
    return Math.ceilDiv(rows, TILE);
  }

  int tileRows(int tile) {
    return Math.min(TILE, rows - tile * TILE);
  }

  /// Where a tile begins, in words.
  int at(int tile) {
    return length(tile * TILE, columns);
  }

  /// Bytes of a run of a tile of so many rows.
  static int runBytes(int rows) {
    return rows * (CODES + GROUPS) * Integer.BYTES;
  }

  private void pack(Floats values, int tile, InstructionSet set) {
    int count = tileRows(tile);
    if (set != InstructionSet.NONE && columns > 0) {
      long first = (long) tile * TILE * columns;
      if (TileCode.round(count, columns, values.segment(), first, segment, at(tile))) {
        return;
      }
    }
    RunRounding rounding = ROUNDING.get();
    for (int row = 0; row < count; row++) {
      for (int run = 0; run < columns / RUN; run++) {
        rounding.round(values.array(), (tile * TILE + row) * columns + run * RUN);
        put(rounding, at(tile) + run * count * (CODES + GROUPS) + row, count);
      }
    }
  }

  private void put(RunRounding rounded, int to, int count) {
    float scale = rounded.scale();
    int first = rounded.sum(0);
    int last = rounded.sum(1);
    words[to + SUM * count] = -(first + last);
    words[to + FIRST_SUM * count] = -first;
    words[to + LAST_SUM * count] = -last;
    words[to + SCALE * count] = Float.floatToRawIntBits(scale);
    words[to + SCALED_SUM * count] = Float.floatToRawIntBits((first + last) * scale);
    words[to + FIRST_SCALED_SUM * count] = Float.floatToRawIntBits(first * scale);
    words[to + LAST_SCALED_SUM * count] = Float.floatToRawIntBits(last * scale);
    for (int group = 0; group < GROUPS; group++) {
      words[to + (CODES + group) * count] = rounded.word(group);
    }
  }
}
