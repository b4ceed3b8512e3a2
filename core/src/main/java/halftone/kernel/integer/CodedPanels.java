package halftone.kernel.integer;

import halftone.numeric.IntegerBlock;
import halftone.numeric.IntegerCodes;
import halftone.numeric.IntegerFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Any format of integers under scales. Codes are cut in two planes: up to four low bits, and one
/// or two high ones. Of 32 columns a row has as many words of a plane as it has bits, and byte k of
/// a word holds columns 4g + k of its groups g, the first lowest. Codes that are no run of integers
/// are places in a table.
///
/// Small scales of groups lie as bytes before the codes of their record, and what they are times as
/// floats behind all records; other scales before the codes in 16 or 32 bits.
final class CodedPanels extends PanelFormat {
  private static final int RUN = QuantizedRows.RUN;
  private static final int SUPER_BLOCK = 256;
  private static final int LINE = 64;
  private static final int MOST_LOW_BITS = 4;

  private final IntegerFormat source;
  private final IntegerCodes integers;
  private final Planes planes;

  /// Bytes of a record before its codes.
  private final int head;

  /// What codes stand for, with the offset; null where that is the code itself.
  private final byte @Nullable [] table;

  private CodedPanels(IntegerFormat source, Records records, int head) {
    super(source.id(), records);
    this.source = source;
    this.integers = source.integers();
    this.planes = Planes.of(integers.values().size());
    this.head = head;
    this.table = isRun(integers.values()) ? null : table(integers.values(), records.offset());
  }

  /// Bits of a code in the two planes.
  private record Planes(int low, int high) {
    static Planes of(int codes) {
      int bits = Integer.SIZE - Integer.numberOfLeadingZeros(codes - 1);
      int low = Math.min(MOST_LOW_BITS, Integer.highestOneBit(bits));
      return new Planes(low, bits - low);
    }

    int bits() {
      return low + high;
    }
  }

  static CodedPanels of(IntegerFormat source) {
    IntegerCodes integers = source.integers();
    int step = Math.min(RUN, integers.group());
    int kinds = integers.hasMinimum() ? 2 : 1;
    int columns = source.layout().weights();
    int head;
    int perHeader = 0;
    if (integers.scales() == IntegerCodes.Scales.SUPER) {
      // Whole lines of scales, so that codes lie at the beginnings of lines.
      columns = LINE * step / (ROWS * kinds);
      head = LINE;
      perHeader = SUPER_BLOCK / columns;
    } else {
      head = columns / integers.group() * kinds * scaleBytes(integers) * ROWS;
    }
    int bytes = head + columns / RUN * Planes.of(integers.values().size()).bits() * WORDS;
    int headerBytes = perHeader == 0 ? 0 : kinds * WORDS;
    return new CodedPanels(
        source, new Records(columns, bytes, step, offset(integers), perHeader, headerBytes), head);
  }

  private static int scaleBytes(IntegerCodes integers) {
    return integers.scales() == IntegerCodes.Scales.HALF ? Short.BYTES : Float.BYTES;
  }

  private static int offset(IntegerCodes integers) {
    int smallest = integers.values().getFirst();
    return smallest == 0 ? 0 : Integer.highestOneBit(2 * -smallest - 1);
  }

  private static boolean isRun(List<Integer> values) {
    return values.getLast() - values.getFirst() == values.size() - 1;
  }

  private static byte[] table(List<Integer> values, int offset) {
    byte[] table = new byte[TABLE_BYTES];
    for (int i = 0; i < values.size(); i++) {
      table[i] = (byte) (values.get(i) + offset);
    }
    return table;
  }

  @Override
  int lowMask() {
    return everyByte((1 << planes.low()) - 1);
  }

  @Override
  int highMask() {
    return everyByte((1 << planes.bits()) - (1 << planes.low()));
  }

  @Override
  byte @Nullable [] table() {
    return table;
  }

  @Override
  int largestCode() {
    return integers.values().getLast() + offset();
  }

  private boolean isSuper() {
    return integers.scales() == IntegerCodes.Scales.SUPER;
  }

  @Override
  void pack(MemorySegment row, int columns, MemorySegment panel, long at, int lane) {
    int weights = source.layout().weights();
    int bytes = source.layout().bytes();
    IntegerBlock block = source.newBlock();
    byte[] codes = new byte[weights];
    for (int number = 0; number < columns / weights; number++) {
      source.read(row, (long) number * bytes, block);
      block.indices(codes);
      if (isSuper()) {
        long header = at + headersAt(columns) + (long) number * headerBytes();
        panel.set(FLOAT, header + 4 * lane, block.superScale());
        if (hasMinimum()) {
          panel.set(FLOAT, header + WORDS + 4 * lane, block.superMinimum());
        }
      }
      for (int record = 0; record < weights / columns(); record++) {
        long to = at + ((long) number * weights / columns() + record) * recordBytes();
        packScales(block, record * columns() / integers.group(), panel, to, lane);
        packCodes(codes, record * columns(), panel, to + head, lane);
      }
    }
  }

  private void packScales(IntegerBlock block, int first, MemorySegment panel, long to, int lane) {
    int groups = columns() / integers.group();
    for (int g = 0; g < groups; g++) {
      if (isSuper()) {
        packByte(block.scaleCode(first + g), panel, to + (long) g * ROWS, lane);
        if (hasMinimum()) {
          packByte(block.minimumCode(first + g), panel, to + (long) (groups + g) * ROWS, lane);
        }
      } else {
        packScale(block.step(first + g), panel, to + scaleAt(g, false), lane);
        if (hasMinimum()) {
          packScale(block.minimum(first + g), panel, to + scaleAt(g, true), lane);
        }
      }
    }
  }

  private void packScale(float scale, MemorySegment panel, long to, int lane) {
    if (integers.scales() == IntegerCodes.Scales.HALF) {
      panel.set(HALF, to + 2L * lane, Float.floatToFloat16(scale));
    } else {
      panel.set(FLOAT, to + 4L * lane, scale);
    }
  }

  /// Where the scales or minima of a group lie in a record, where they are whole.
  private int scaleAt(int group, boolean isMinimum) {
    int groups = columns() / integers.group();
    return (isMinimum ? groups + group : group) * scaleBytes(integers) * ROWS;
  }

  private void packCodes(byte[] codes, int from, MemorySegment panel, long to, int lane) {
    for (int run = 0; run < columns() / RUN; run++) {
      long words = wordAt(to, run, 0) + 4L * lane;
      packPlane(codes, from + run * RUN, 0, planes.low(), panel, words);
      if (planes.high() > 0) {
        long high = words + (long) planes.low() * WORDS;
        packPlane(codes, from + run * RUN, planes.low(), planes.high(), panel, high);
      }
    }
  }

  private long wordAt(long codes, int run, int word) {
    return codes + ((long) run * planes.bits() + word) * WORDS;
  }

  /// Packs so many bits, from bit `first` on, of the codes of a run into words of a plane.
  private static void packPlane(
      byte[] codes, int from, int first, int bits, MemorySegment panel, long to) {
    int mask = (1 << bits) - 1;
    int column = from;
    for (int word = 0; word < bits; word++) {
      int packed = 0;
      for (int shift = 0; shift < Byte.SIZE; shift += bits) {
        packed |=
            (codes[column] >> first & mask) << shift
                | (codes[column + 1] >> first & mask) << 8 + shift
                | (codes[column + 2] >> first & mask) << 16 + shift
                | (codes[column + 3] >> first & mask) << 24 + shift;
        column += GROUP;
      }
      panel.set(WORD, to + (long) word * WORDS, packed);
    }
  }

  @Override
  void readCodes(MemorySegment panels, long record, int step, int[] codes) {
    int column = step * stepColumns();
    for (int group = 0; group < stepColumns() / GROUP; group++) {
      int place = column % RUN / GROUP + group;
      long low = plane(column / RUN, place, 0, planes.low());
      readBits(
          panels,
          record + low,
          shift(place, planes.low()),
          (1 << planes.low()) - 1,
          0,
          codes,
          GROUP * group);
      if (planes.high() > 0) {
        long high = plane(column / RUN, place, planes.low(), planes.high());
        readBits(
            panels,
            record + high,
            shift(place, planes.high()),
            (1 << planes.high()) - 1,
            planes.low(),
            codes,
            GROUP * group);
      }
    }
    if (table != null) {
      for (int i = 0; i < codes.length; i++) {
        codes[i] = table[codes[i]] & 0xFF;
      }
    }
  }

  /// Where the word of a group of columns lies in a record.
  private int plane(int run, int group, int first, int bits) {
    return (int) wordAt(head, run, first + group / (Byte.SIZE / bits));
  }

  private static int shift(int group, int bits) {
    return group % (Byte.SIZE / bits) * bits;
  }

  @Override
  void readScales(
      MemorySegment panels, long record, long header, int step, float[] scales, float[] minima) {
    int group = step * stepColumns() / integers.group();
    int groups = columns() / integers.group();
    for (int lane = 0; lane < ROWS; lane++) {
      if (isSuper()) {
        scales[lane] = small(panels, record + group * ROWS + lane) * real(panels, header, lane);
        if (hasMinimum()) {
          minima[lane] =
              small(panels, record + (groups + group) * ROWS + lane)
                  * real(panels, header + WORDS, lane);
        }
      } else {
        scales[lane] = scale(panels, record + scaleAt(group, false), lane);
        if (hasMinimum()) {
          minima[lane] = scale(panels, record + scaleAt(group, true), lane);
        }
      }
    }
  }

  private static int small(MemorySegment panels, long at) {
    return panels.get(ValueLayout.JAVA_BYTE, at);
  }

  private static float real(MemorySegment panels, long at, int lane) {
    return panels.get(FLOAT, at + 4L * lane);
  }

  private float scale(MemorySegment panels, long at, int lane) {
    return integers.scales() == IntegerCodes.Scales.HALF
        ? half(panels, at + 2L * lane)
        : real(panels, at, lane);
  }

  @Override
  void emitSuperScales(ProductEmitter e, int part) {
    e.code().vmovups(e.registers().superScale(part), e.header(part, 0, Float.BYTES));
    if (hasMinimum()) {
      e.code().vmovups(e.registers().superMinimum(part), e.header(part, WORDS, Float.BYTES));
    }
  }

  @Override
  void emitScales(ProductEmitter e, int part, int step) {
    int group = step * stepColumns() / integers.group();
    ProductRegisters r = e.registers();
    if (isSuper()) {
      e.code().vpmovsxbd(r.scale(part), e.record(part, group * ROWS, Byte.BYTES));
      e.timesSuper(r.scale(part), r.superScale(part));
      if (hasMinimum()) {
        int groups = columns() / integers.group();
        int minima = (groups + group) * ROWS;
        e.code().vpmovsxbd(r.minimum(part), e.record(part, minima, Byte.BYTES));
        e.timesSuper(r.minimum(part), r.superMinimum(part));
      }
      return;
    }
    emitScale(e, part, r.scale(part), scaleAt(group, false));
    if (hasMinimum()) {
      emitScale(e, part, r.minimum(part), scaleAt(group, true));
    }
  }

  private void emitScale(ProductEmitter e, int part, int to, int at) {
    if (integers.scales() == IntegerCodes.Scales.HALF) {
      e.code().vcvtph2ps(to, e.record(part, at, Short.BYTES));
    } else {
      e.code().vmovups(to, e.record(part, at, Float.BYTES));
    }
  }

  @Override
  void emitCodes(ProductEmitter e, int to, int part, int step, int group) {
    int column = step * stepColumns();
    int place = column % RUN / GROUP + group;
    e.low(to, part, plane(column / RUN, place, 0, planes.low()), shift(place, planes.low()));
    if (planes.high() > 0) {
      int at = plane(column / RUN, place, planes.low(), planes.high());
      e.high(to, part, at, planes.low() - shift(place, planes.high()));
    }
    if (table != null) {
      e.lookUp(to);
    }
  }
}
