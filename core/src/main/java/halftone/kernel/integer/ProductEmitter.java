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

import halftone.kernel.integer.ProductRegisters.Constant;
import halftone.machine.Address;
import halftone.machine.Assembler;
import halftone.machine.Fetching;
import halftone.machine.InstructionSet;
import halftone.machine.Register;
import java.util.List;

/// Emits the product of one or two panels of weights with a tile of rows: a lane is a row of
/// weights, a word of an input goes to all lanes, and sums of bytes' products are exact
/// ([StepProducts]). A step's sum becomes a float, times the weights' scale times the inputs', and
/// is added in the order of the columns, so that results do not depend on tiles, threads or
/// instructions.
///
/// Vectors of 256 bits are half a panel, a part: a single row of inputs goes through both halves
/// together, so that memory is read once and in order; more rows through one after the other, as
/// registers are few.
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
  static final int TABLE = 32;

  /// [#CONSTANT_BYTES] each, as they are read from here where registers are few.
  static final int LOW_MASK = 64;

  static final int HIGH_MASK = 96;
  static final int ONES = 128;
  static final int OFFSETS = 160;
  static final int CONSTANT_BYTES = 32;
  static final int PARAMETER_BYTES = 192;

  /// Bytes of the seventh argument's memory.
  static final int SCRATCH_BYTES = 2 * QuantizedRows.TILE * PanelFormat.WORDS;

  /// Registers that belong to the caller.
  private static final List<Register> SAVED = List.of(RBX, R12, R13, R14);

  /// Where the seventh argument lies once they are saved: behind them and the address of return.
  private static final int SEVENTH = Long.BYTES * (SAVED.size() + 1);

  private static final int EIGHTH = SEVENTH + Long.BYTES;

  private static final int LINE = 64;

  /// a | b & c, as a table of three bits.
  private static final int OR_MASKED = 0xF8;

  private final Assembler code;
  private final PanelFormat format;
  private final InstructionSet set;
  private final int rows;

  /// Parts of the panels, and how many of them go through the code together.
  private final int allParts;

  private final int parts;
  private final ProductRegisters registers;
  private final StepProducts products;

  /// The first of those that go through now.
  private int first;

  private ProductEmitter(PanelFormat format, InstructionSet set, int panels, int rows) {
    this.code = new Assembler(set);
    this.format = format;
    this.set = set;
    this.rows = rows;
    this.allParts = panels * PanelFormat.WORDS / set.vectorBytes();
    this.parts = rows == 1 || allParts == panels ? allParts : 1;
    this.registers = new ProductRegisters(format, set, parts, rows);
    this.products = StepProducts.of(this);
  }

  /// @param set other than none
  /// @param panels 1 or 2; with 256-bit vectors 1
  /// @param rows of the tile, 1 to 8
  static byte[] emit(PanelFormat format, InstructionSet set, int panels, int rows) {
    ProductEmitter emitter = new ProductEmitter(format, set, panels, rows);
    emitter.all();
    return emitter.code.code();
  }

  private void all() {
    begin();
    int again = code.label();
    for (first = 0; first < allParts; first += parts) {
      start();
      multiply();
      store();
    }
    next();
    code.dec(R12);
    code.jnz(again);
    end();
  }

  /// All columns of some parts.
  private void multiply() {
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
    for (int panel = 0; panel < panels(); panel++) {
      code.add(base(panel), format.recordBytes());
    }
    code.add(RSI, format.columns() / QuantizedRows.RUN * QuantizedRows.runBytes(rows));
    if (isSuper) {
      code.dec(RAX);
      code.jnz(inner);
    }
    code.dec(R8);
    code.jnz(outer);
  }

  private int panels() {
    return Math.ceilDiv(allParts * set.vectorBytes(), PanelFormat.WORDS);
  }

  /// The panel of a part.
  private int panel(int part) {
    return (first + part) * set.vectorBytes() / PanelFormat.WORDS;
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
    registers
        .constants()
        .forEach((constant, register) -> code.vpbroadcastd(register, R9.at(at(constant))));
    if (format.table() != null) {
      code.vbroadcasti128(registers.table(), R9.at(TABLE));
      products.prepareTable();
    }
  }

  /// Pointers to the panels and the inputs, and sums of zero.
  private void start() {
    code.mov(RDI, R13);
    code.mov(RSI, R14);
    code.mov(RAX, R9.at(PANEL_BYTES));
    code.mov(R10, RDI);
    code.add(R10, RAX);
    code.mov(R8, R9.at(HEADERS_AT));
    code.mov(R11, RDI);
    code.add(R11, R8);
    code.mov(RBX, R10);
    code.add(RBX, R8);
    code.mov(R8, R9.at(RECORDS));
    code.vpxor(registers.spare(), registers.spare(), registers.spare());
    for (int i = 0; i < parts * rows; i++) {
      if (registers.sumsFit()) {
        code.vpxor(registers.floats(i), registers.floats(i), registers.floats(i));
      } else {
        code.vmovups(scratch(i), registers.spare());
      }
    }
  }

  private void headers() {
    for (int p = 0; p < parts; p++) {
      format.emitSuperScales(this, p);
    }
    for (int panel = 0; panel < panels(); panel++) {
      code.add(header(panel), format.headerBytes());
    }
    if (panels() == 1) {
      // The next panel begins with them; they lie where nothing else is fetched ahead.
      code.prefetcht1(header(1).at(0));
      code.add(header(1), format.headerBytes());
    }
  }

  /// Where a panel is read once: a share of the lines ahead, a few at a time, as memory is further
  /// away than what a core has in flight by itself.
  ///
  /// @param group of the record's columns
  void fetchAhead(int group) {
    int groups = format.columns() / PanelFormat.GROUP;
    int lines = Math.ceilDiv(format.recordBytes(), LINE);
    for (int line = group * lines / groups; line < (group + 1) * lines / groups; line++) {
      for (int panel = 0; panel < panels(); panel++) {
        Fetching.ahead(code, base(panel), LINE * line);
      }
    }
  }

  private void step(int step) {
    products.emit(step);
    for (int p = 0; p < parts; p++) {
      format.emitScales(this, p, step);
    }
    for (int t = 0; t < rows; t++) {
      for (int p = 0; p < parts; p++) {
        add(t, p, step * format.stepColumns());
      }
    }
  }

  /// A step's integer sum to the sum of floats.
  private void add(int t, int p, int column) {
    int integers = registers.sum(t, p);
    int index = t * parts + p;
    int floats = registers.sumsFit() ? registers.floats(index) : integers;
    code.vcvtdq2ps(integers, integers);
    timesWord(registers.spare(), registers.scale(p), input(column, QuantizedRows.SCALE, t));
    if (registers.sumsFit()) {
      code.vfmadd231ps(floats, integers, registers.spare());
    } else {
      code.vfmadd213ps(integers, registers.spare(), scratch(index));
    }
    if (format.hasMinimum()) {
      lessWord(floats, registers.minimum(p), input(column, format.scaledSumOf(column), t));
    }
    if (!registers.sumsFit()) {
      code.vmovups(scratch(index), floats);
    }
  }

  private void timesWord(int to, int a, Address word) {
    if (isWide()) {
      code.vmulpsEach(to, a, word);
    } else {
      code.vpbroadcastd(to, word);
      code.vmulps(to, a, to);
    }
  }

  /// sum − a · word.
  private void lessWord(int sum, int a, Address word) {
    if (isWide()) {
      code.vfnmadd231psEach(sum, a, word);
    } else {
      code.vpbroadcastd(registers.spare(), word);
      code.vfnmadd231ps(sum, a, registers.spare());
    }
  }

  private boolean isWide() {
    return set == InstructionSet.AVX512_VNNI;
  }

  /// Stores the results of some parts; behind the last ones, RAX points to the next rows' results.
  private void store() {
    code.mov(R8, R9.at(ROW_BYTES));
    code.mov(RAX, RCX);
    for (int t = 0; t < rows; t++) {
      for (int p = 0; p < parts; p++) {
        int index = t * parts + p;
        int from = registers.floats(index);
        if (!registers.sumsFit()) {
          from = registers.spare();
          code.vmovups(registers.spare(), scratch(index));
        }
        code.vmovups(RAX.at(set.vectorBytes() * (first + p)), from);
      }
      code.add(RAX, R8);
    }
  }

  /// Goes on to the next panel or the next tile.
  private void next() {
    if (rows == 1) {
      code.add(RCX, LINE);
      code.mov(RAX, R9.at(PANEL_BYTES));
      code.add(R13, RAX);
    } else {
      code.mov(RCX, RAX);
      code.mov(R14, RSI);
    }
  }

  private void end() {
    SAVED.reversed().forEach(code::pop);
    code.vzeroupper();
    code.ret();
  }

  private Address scratch(int index) {
    return RDX.at(set.vectorBytes() * index);
  }

  /// What is known of a row for the run of a column.
  ///
  /// @param kind as [QuantizedRows#SUM] and the others are counted
  Address input(int column, int kind, int t) {
    int run = column / QuantizedRows.RUN * QuantizedRows.runBytes(rows);
    return RSI.at(run + Integer.BYTES * (kind * rows + t));
  }

  PanelFormat format() {
    return format;
  }

  InstructionSet set() {
    return set;
  }

  /// Rows of the tile.
  int rows() {
    return rows;
  }

  /// Vectors of weights' rows that go through the code together.
  int parts() {
    return parts;
  }

  Assembler code() {
    return code;
  }

  /// Where numbers of a part's rows begin in the current record.
  ///
  /// @param offset of those of the panel's first row
  /// @param bytes of a number
  Address record(int part, int offset, int bytes) {
    return base(panel(part)).at(offset + lane(part) * bytes);
  }

  /// Where numbers of a part's rows begin in the current super-block's scales.
  Address header(int part, int offset, int bytes) {
    return header(panel(part)).at(offset + lane(part) * bytes);
  }

  /// The row of its panel that a part begins with.
  private int lane(int part) {
    return (first + part) * set.vectorBytes() % PanelFormat.WORDS / Integer.BYTES;
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

  /// Words of a line.
  void words(int to, int part, int offset) {
    code.vmovdqu(to, record(part, offset, Integer.BYTES));
  }

  /// Low or high halves of the bytes of a line as codes.
  ///
  /// @param half 0 for the low ones
  void nibbles(int to, int part, int offset, int half) {
    low(to, part, offset, 4 * half);
  }

  /// Bits of the bytes of a line, shifted to the right, as the low bits of codes.
  void low(int to, int part, int offset, int right) {
    words(to, part, offset);
    if (right > 0) {
      code.vpsrld(to, to, right);
    }
    and(to, Constant.LOW_MASK);
  }

  /// Bits of the bytes of a line, shifted, as the high bits of codes.
  ///
  /// @param left to the right if negative
  void high(int to, int part, int offset, int left) {
    int bits = registers.spare();
    words(bits, part, offset);
    if (left > 0) {
      code.vpslld(bits, bits, left);
    } else if (left < 0) {
      code.vpsrld(bits, bits, -left);
    }
    Integer mask = registers.constant(Constant.HIGH_MASK);
    if (isWide() && mask != null) {
      code.vpternlogd(to, bits, mask, OR_MASKED);
    } else {
      and(bits, Constant.HIGH_MASK);
      code.vpor(to, to, bits);
    }
  }

  /// Codes become what stands at their place in the table.
  void lookUp(int codes) {
    code.vpshufb(codes, registers.table(), codes);
  }

  /// The format's offset is taken off every byte.
  void takeOffset(int bytes) {
    code.vpsubb(bytes, bytes, R9.at(OFFSETS));
  }

  /// Two neighbours of 16 bits are added up.
  void timesOnes(int to, int from) {
    Integer ones = registers.constant(Constant.ONES);
    if (ones == null) {
      code.vpmaddwd(to, from, R9.at(ONES));
    } else {
      code.vpmaddwd(to, from, ones);
    }
  }

  private void and(int bits, Constant mask) {
    Integer register = registers.constant(mask);
    if (register == null) {
      code.vpand(bits, bits, R9.at(at(mask)));
    } else {
      code.vpand(bits, bits, register);
    }
  }

  private static int at(Constant constant) {
    return switch (constant) {
      case ONES -> ONES;
      case LOW_MASK -> LOW_MASK;
      case HIGH_MASK -> HIGH_MASK;
    };
  }
}
