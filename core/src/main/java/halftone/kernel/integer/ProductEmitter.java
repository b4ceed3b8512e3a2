package halftone.kernel.integer;

import static halftone.machine.Register.R10;
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
import static halftone.machine.Register.RSP;

import halftone.machine.Address;
import halftone.machine.Assembler;
import halftone.machine.Register;
import java.util.List;

/// Emits the product of one or two panels of weights with a tile of rows, for AVX-512 VNNI: a lane
/// is a row of weights, a word of an input goes to all lanes, and sums of bytes' products are exact
/// in 32 bits. A step's sum becomes a float, times the weights' scale times the inputs', and is
/// added in the order of the columns, so that results do not depend on tiles or threads.
///
/// Arguments: weights, inputs and their offset, results and their offset, parameters, in which
/// numbers lie at [#RECORDS] and so on, memory for the sums of a tile, and how often to go on: with
/// a single row to the next panel and the next results, with more to the next tile of inputs and
/// its results.
final class ProductEmitter {
  static final int RECORDS = 0;
  static final int PANEL_BYTES = 8;
  static final int HEADERS_AT = 16;
  static final int ROW_BYTES = 24;
  static final int LOW_MASK = 32;
  static final int HIGH_MASK = 36;
  static final int TABLE = 48;
  static final int PARAMETER_BYTES = 64;

  /// Bytes of the seventh argument's memory.
  static final int SCRATCH_BYTES = 2 * QuantizedRows.TILE * PanelFormat.WORDS;

  /// Registers that belong to the caller.
  private static final List<Register> SAVED = List.of(RBX, R12, R13, R14);

  /// Where the seventh argument lies once they are saved: behind them and the address of return.
  private static final int SEVENTH = Long.BYTES * (SAVED.size() + 1);

  private static final int EIGHTH = SEVENTH + Long.BYTES;

  private static final int LINE = 64;

  /// How far ahead weights are fetched where they are read once: memory is further away than what a
  /// core has in flight by itself. They go into the second cache, which has more lines in flight
  /// than the first: fetched into that, they held up the product for a quarter of its time.
  private static final int AHEAD = 16384;

  private final Assembler code = new Assembler();
  private final PanelFormat format;
  private final int panels;
  private final int rows;
  private final ProductRegisters registers;

  private ProductEmitter(PanelFormat format, int panels, int rows) {
    this.format = format;
    this.panels = panels;
    this.rows = rows;
    this.registers = new ProductRegisters(format, panels, rows);
  }

  /// @param panels 1 or 2
  /// @param rows of the tile, 1 to 8
  static byte[] emit(PanelFormat format, int panels, int rows) {
    ProductEmitter emitter = new ProductEmitter(format, panels, rows);
    emitter.all();
    return emitter.code.code();
  }

  private void all() {
    begin();
    int again = code.label();
    start();
    boolean isSuper = format.recordsPerHeader() > 0;
    int outer = code.label();
    if (isSuper) {
      headers();
      code.mov(RAX, format.recordsPerHeader());
    }
    int inner = isSuper ? code.label() : outer;
    for (int step = 0; step < format.steps(); step++) {
      step(step);
    }
    for (int p = 0; p < panels; p++) {
      code.add(base(p), format.recordBytes());
    }
    code.add(RSI, format.columns() / QuantizedRows.RUN * QuantizedRows.runBytes(rows));
    if (isSuper) {
      code.dec(RAX);
      code.jnz(inner);
    }
    code.dec(R8);
    code.jnz(outer);
    store();
    code.dec(R12);
    code.jnz(again);
    end();
  }

  private static Register base(int panel) {
    return panel == 0 ? RDI : R10;
  }

  private static Register header(int panel) {
    return panel == 0 ? R11 : RBX;
  }

  private void begin() {
    SAVED.forEach(code::push);
    code.add(RSI, RDX);
    code.add(RCX, R8);
    code.mov(R13, RDI);
    code.mov(R14, RSI);
    code.mov(RDX, RSP.at(SEVENTH));
    code.mov(R12, RSP.at(EIGHTH));
    code.vpbroadcastd(registers.lowMask(), R9.at(LOW_MASK));
    code.vpbroadcastd(registers.highMask(), R9.at(HIGH_MASK));
    if (format.table() != null) {
      code.vbroadcasti32x4(registers.table(), R9.at(TABLE));
    }
  }

  /// Pointers into the panels, and sums of zero.
  private void start() {
    code.mov(RDI, R13);
    code.mov(RAX, R9.at(PANEL_BYTES));
    code.mov(R10, RDI);
    code.add(R10, RAX);
    code.mov(R8, R9.at(HEADERS_AT));
    code.mov(R11, RDI);
    code.add(R11, R8);
    code.mov(RBX, R10);
    code.add(RBX, R8);
    code.mov(R8, R9.at(RECORDS));
    code.vpxord(registers.spare(), registers.spare(), registers.spare());
    for (int i = 0; i < panels * rows; i++) {
      if (registers.sumsFit()) {
        code.vpxord(registers.floats(i), registers.floats(i), registers.floats(i));
      } else {
        code.vmovups(RDX.at(LINE * i), registers.spare());
      }
    }
  }

  private void headers() {
    for (int p = 0; p < panels; p++) {
      format.emitSuperScales(this, p);
      code.add(header(p), format.headerBytes());
    }
    if (panels == 1) {
      // The next panel begins with them; they lie where nothing else is fetched ahead.
      code.prefetcht1(header(1).at(0));
      code.add(header(1), format.headerBytes());
    }
  }

  /// Where a panel is read once: a share of the lines that far ahead, a few at a time, as a core
  /// keeps only so many in flight.
  private void fetchAhead(int group) {
    int groups = format.columns() / PanelFormat.GROUP;
    int lines = Math.ceilDiv(format.recordBytes(), LINE);
    for (int line = group * lines / groups; line < (group + 1) * lines / groups; line++) {
      for (int p = 0; p < panels; p++) {
        code.prefetcht1(base(p).at(AHEAD + LINE * line));
      }
    }
  }

  private void step(int step) {
    int column = step * format.stepColumns();
    int run = column / QuantizedRows.RUN * QuantizedRows.runBytes(rows);
    for (int t = 0; t < rows; t++) {
      start(t, run, column);
    }
    int first = column % QuantizedRows.RUN / PanelFormat.GROUP;
    for (int group = 0; group < format.stepColumns() / PanelFormat.GROUP; group++) {
      if (rows == 1) {
        fetchAhead(column / PanelFormat.GROUP + group);
      }
      for (int p = 0; p < panels; p++) {
        format.emitCodes(this, p, step, group);
      }
      for (int t = 0; t < rows; t++) {
        Address input = input(run, QuantizedRows.CODES + first + group, t);
        if (panels == 1) {
          code.vpdpbusdEach(registers.sum(t, 0), registers.codes(0), input);
        } else {
          code.vpbroadcastd(registers.spare(), input);
          for (int p = 0; p < panels; p++) {
            code.vpdpbusd(registers.sum(t, p), registers.codes(p), registers.spare());
          }
        }
      }
    }
    for (int p = 0; p < panels; p++) {
      format.emitScales(this, p, step);
    }
    for (int t = 0; t < rows; t++) {
      for (int p = 0; p < panels; p++) {
        add(t, p, run, column);
      }
    }
  }

  /// Sums begin at minus the offset times the sum of the inputs.
  private void start(int t, int run, int column) {
    if (format.hasMinimum()) {
      code.vpxord(registers.sum(t, 0), registers.sum(t, 0), registers.sum(t, 0));
    } else {
      code.vpbroadcastd(registers.sum(t, 0), input(run, format.sumOf(column), t));
      code.vpslld(
          registers.sum(t, 0), registers.sum(t, 0), Integer.numberOfTrailingZeros(format.offset()));
    }
    for (int p = 1; p < panels; p++) {
      code.vmovdqa32(registers.sum(t, p), registers.sum(t, 0));
    }
  }

  /// A step's integer sum to the sum of floats.
  private void add(int t, int p, int run, int column) {
    int integers = registers.sum(t, p);
    int floats = registers.sumsFit() ? registers.floats(t * panels + p) : integers;
    code.vcvtdq2ps(integers, integers);
    code.vmulpsEach(registers.spare(), registers.scale(p), input(run, QuantizedRows.SCALE, t));
    if (registers.sumsFit()) {
      code.vfmadd231ps(floats, integers, registers.spare());
    } else {
      code.vfmadd213ps(integers, registers.spare(), scratch(t, p));
    }
    if (format.hasMinimum()) {
      Address sum = input(run, format.scaledSumOf(column), t);
      code.vfnmadd231psEach(floats, registers.minimum(p), sum);
    }
    if (!registers.sumsFit()) {
      code.vmovups(scratch(t, p), floats);
    }
  }

  /// Stores the results and goes on to the next.
  private void store() {
    code.mov(R8, R9.at(ROW_BYTES));
    for (int t = 0; t < rows; t++) {
      for (int p = 0; p < panels; p++) {
        int from = registers.floats(t * panels + p);
        if (!registers.sumsFit()) {
          from = registers.spare();
          code.vmovups(registers.spare(), scratch(t, p));
        }
        code.vmovups(RCX.at(LINE * p), from);
      }
      if (rows > 1) {
        code.add(RCX, R8);
      }
    }
    if (rows == 1) {
      code.add(RCX, LINE);
      code.mov(RAX, R9.at(PANEL_BYTES));
      code.add(R13, RAX);
      code.mov(RSI, R14);
    }
  }

  private void end() {
    SAVED.reversed().forEach(code::pop);
    code.vzeroupper();
    code.ret();
  }

  private Address scratch(int t, int p) {
    return RDX.at(LINE * (t * panels + p));
  }

  private Address input(int run, int kind, int t) {
    return RSI.at(run + Integer.BYTES * (kind * rows + t));
  }

  Assembler code() {
    return code;
  }

  /// A place in the current record of a panel.
  Address record(int panel, int offset) {
    return base(panel).at(offset);
  }

  /// A place in the current super-block's scales.
  Address header(int panel, int offset) {
    return header(panel).at(offset);
  }

  /// Numbers of the vector registers.
  ProductRegisters registers() {
    return registers;
  }

  /// Integers become floats, times those of the super-block.
  void timesSuper(int scales, int superScales) {
    code.vcvtdq2ps(scales, scales);
    code.vmulps(scales, scales, superScales);
  }

  /// Low or high halves of the bytes of a line as codes.
  ///
  /// @param half 0 for the low ones
  void nibbles(int panel, int offset, int half) {
    low(panel, offset, 4 * half);
  }

  /// Bits of the bytes of a line, shifted to the right, as the low bits of codes.
  void low(int panel, int offset, int right) {
    code.vmovdqu32(registers.codes(panel), record(panel, offset));
    if (right > 0) {
      code.vpsrld(registers.codes(panel), registers.codes(panel), right);
    }
    code.vpandd(registers.codes(panel), registers.codes(panel), registers.lowMask());
  }

  /// Bits of the bytes of a line, shifted, as the high bits of codes.
  ///
  /// @param left to the right if negative
  void high(int panel, int offset, int left) {
    code.vmovdqu32(registers.spare(), record(panel, offset));
    if (left > 0) {
      code.vpslld(registers.spare(), registers.spare(), left);
    } else if (left < 0) {
      code.vpsrld(registers.spare(), registers.spare(), -left);
    }
    code.vpternlogd(registers.codes(panel), registers.spare(), registers.highMask(), 0xF8);
  }

  /// Codes become what stands at their place in the table.
  void lookUp(int panel) {
    code.vpshufb(registers.codes(panel), registers.table(), registers.codes(panel));
  }
}
