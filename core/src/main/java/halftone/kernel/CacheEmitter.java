package halftone.kernel;

import static halftone.machine.Register.R10;
import static halftone.machine.Register.R11;
import static halftone.machine.Register.R12;
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
import halftone.machine.Fetching;
import halftone.machine.InstructionSet;
import halftone.machine.Register;
import java.util.List;

/// Emits what the queries of a token do to a head of a [CachePage]: some queries at once, so that
/// keys and values are read and widened once for all of them, and no sum waits for its last term.
///
/// Both functions take an array and where to begin in it, in bytes, three times; then how often to
/// go on, and the bytes between the scores of two queries.
final class CacheEmitter {
  /// Queries that go through together at most.
  static final int MOST = 4;

  private static final int TOGETHER = CachePage.TOGETHER;
  private static final int LINE = 64;

  /// Where the arguments beyond the sixth lie, behind the address to return to.
  private static final int TIMES = Long.BYTES;

  private static final int STRIDE = 2 * Long.BYTES;

  private final Assembler code;
  private final CacheElement element;
  private final int headSize;
  private final int queries;
  private final int vectorBytes;
  private final int lanes;

  private CacheEmitter(InstructionSet set, CacheElement element, int headSize, int queries) {
    this.code = new Assembler(set);
    this.element = element;
    this.headSize = headSize;
    this.queries = queries;
    this.vectorBytes = set.vectorBytes();
    this.lanes = vectorBytes / Float.BYTES;
  }

  /// Groups of [CachePage#TOGETHER] positions whose scores are worked out together, in two vectors.
  static int groups(InstructionSet set) {
    return 2 * set.vectorBytes() / Float.BYTES / TOGETHER;
  }

  /// Scores of some groups of positions at a time: of keys, and queries one behind the other, to
  /// scores.
  ///
  /// @param set other than none
  /// @param headSize a multiple of [CacheElement#dimensions], at most [ScalarKernels#CHUNK]
  /// @param queries 1 to [#MOST]
  /// @param groups 1 to [#groups(InstructionSet)]
  static byte[] scores(
      InstructionSet set, CacheElement element, int headSize, int queries, int groups) {
    CacheEmitter emitter = new CacheEmitter(set, element, headSize, queries);
    emitter.scores(groups);
    return emitter.code.code();
  }

  /// Adds Σ score · value of some positions, and Σ score: of values, and scores, to mixed values as
  /// a [QueryGroup] has them.
  ///
  /// @param queries 1 to [#MOST]
  static byte[] mix(InstructionSet set, CacheElement element, int headSize, int queries) {
    CacheEmitter emitter = new CacheEmitter(set, element, headSize, queries);
    emitter.mix();
    return emitter.code.code();
  }

  private void scores(int groups) {
    List<Register> rows = List.of(R8, R10, R11, RCX);
    int parts = groups * TOGETHER / lanes;
    int sums = 0;
    int keys = sums + parts * queries;
    int scales = keys + parts;
    int factor = scales + (element == CacheElement.CODE ? parts : 0);
    int groupBytes = element.groupBytes(headSize);
    code.add(RDI, RSI);
    code.add(RDX, RCX);
    code.add(R8, R9);
    code.mov(R9, RSP.at(TIMES));
    code.mov(RAX, RSP.at(STRIDE));
    rows(rows);
    int again = code.label();
    clear(sums, parts * queries);
    code.mov(RSI, RDX);
    code.mov(RAX, headSize / element.dimensions());
    int step = code.label();
    for (int part = 0; part < parts && element == CacheElement.CODE; part++) {
      code.vcvtph2ps(scales + part, key(part, groupBytes, 0, Short.BYTES));
    }
    for (int d = 0; d < element.dimensions(); d++) {
      for (int part = 0; part < parts; part++) {
        loadKey(keys + part, scales + part, part, groupBytes, d);
      }
      for (int q = 0; q < queries; q++) {
        code.vpbroadcastd(factor, RSI.at((q * headSize + d) * Float.BYTES));
        for (int part = 0; part < parts; part++) {
          code.vfmadd231ps(sums + part * queries + q, keys + part, factor);
        }
      }
    }
    for (int group = 0; group < groups; group++) {
      fetchAhead(RDI, group * groupBytes, element.stepBytes());
    }
    code.add(RDI, element.stepBytes());
    code.add(RSI, element.dimensions() * Float.BYTES);
    code.dec(RAX);
    code.jnz(step);
    code.vpxor(factor, factor, factor);
    for (int q = 0; q < queries; q++) {
      for (int part = 0; part < parts; part++) {
        int sum = sums + part * queries + q;
        code.vaddps(sum, factor, sum); // a sum of nothing but negative zeros is 0
        code.vmovups(rows.get(q).at(part * vectorBytes), sum);
      }
      code.add(rows.get(q), parts * vectorBytes);
    }
    if (groups > 1) {
      code.add(RDI, (groups - 1) * groupBytes);
    }
    code.dec(R9);
    code.jnz(again);
    code.vzeroupper();
    code.ret();
  }

  /// Asks for what comes ahead of some bytes.
  private void fetchAhead(Register base, int from, int bytes) {
    for (int at = from; at < from + bytes; at += LINE) {
      Fetching.ahead(code, base, at);
    }
  }

  /// Leaves each query's row in its register: the first is in place.
  private void rows(List<Register> rows) {
    for (int q = 1; q < queries; q++) {
      code.mov(rows.get(q), rows.get(q - 1));
      code.add(rows.get(q), RAX);
    }
  }

  private void clear(int first, int count) {
    for (int i = first; i < first + count; i++) {
      code.vpxor(i, i, i);
    }
  }

  /// Where a part of the lanes of a step begins.
  private Address key(int part, int groupBytes, int offset, int elementBytes) {
    int position = part * lanes;
    int inGroup = position % TOGETHER * elementBytes;
    return RDI.at(position / TOGETHER * groupBytes + offset + inGroup);
  }

  private void loadKey(int to, int scale, int part, int groupBytes, int d) {
    switch (element) {
      case FLOAT ->
          code.vmovups(to, key(part, groupBytes, d * TOGETHER * Float.BYTES, Float.BYTES));
      case HALF ->
          code.vcvtph2ps(to, key(part, groupBytes, d * TOGETHER * Short.BYTES, Short.BYTES));
      case CODE -> {
        int scaleBytes = TOGETHER * Short.BYTES;
        code.vpmovsxbd(to, key(part, groupBytes, scaleBytes + d * TOGETHER, Byte.BYTES));
        code.vcvtdq2ps(to, to);
        code.vmulps(to, to, scale);
      }
    }
  }

  private void mix() {
    List<Register> rows = List.of(RCX, R10, R11, RBX);
    int saved = 2 * Long.BYTES;
    code.push(RBX);
    code.push(R12);
    code.add(RDI, RSI);
    code.add(RDX, RCX);
    code.add(R8, R9);
    code.mov(R9, RSP.at(TIMES + saved));
    code.mov(RAX, RSP.at(STRIDE + saved));
    int vectors = headSize / lanes;
    int to;
    for (int from = 0; from < vectors; from = to) {
      to = Math.min(vectors, from + together(from == 0));
      mix(rows, from, to);
    }
    code.pop(R12);
    code.pop(RBX);
    code.vzeroupper();
    code.ret();
  }

  /// Vectors of the values that go through together, of 16 registers or 32, three of which are
  /// taken.
  private int together(boolean isFirst) {
    int others = isFirst ? 2 : 1; // a query's scores, and their sum
    return (vectorBytes / 2 - 3) / queries - others;
  }

  /// Vectors `from … to − 1` of the values; with the first, scores are added up.
  private void mix(List<Register> rows, int from, int to) {
    int weights = (to - from) * queries;
    int totals = weights + queries;
    int value = from == 0 ? totals + queries : totals;
    int scale = value + 1;
    int zero = value + 2;
    clear(0, weights);
    clear(zero, 1);
    for (int q = 0; q < queries && from == 0; q++) {
      code.vmovups(totals + q, total(q));
    }
    code.mov(RSI, RDI);
    code.mov(R12, R9);
    code.mov(RCX, RDX);
    rows(rows);
    int again = code.label();
    for (int q = 0; q < queries; q++) {
      code.vpbroadcastd(weights + q, rows.get(q).at(0));
      code.add(rows.get(q), Float.BYTES);
      if (from == 0) {
        code.vaddps(totals + q, totals + q, weights + q);
      }
    }
    for (int vector = from; vector < to; vector++) {
      loadValue(value, scale, zero, vector, vector == from);
      for (int q = 0; q < queries; q++) {
        code.vfmadd231ps((vector - from) * queries + q, value, weights + q);
      }
    }
    if (from == 0) {
      fetchAhead(RSI, 0, element.valueBytes(headSize));
    }
    code.add(RSI, element.valueBytes(headSize));
    code.dec(R12);
    code.jnz(again);
    for (int q = 0; q < queries; q++) {
      for (int vector = from; vector < to; vector++) {
        Address place = mixed(q, vector * lanes);
        code.vmovups(value, place);
        code.vaddps(value, value, (vector - from) * queries + q);
        code.vmovups(place, value);
      }
      if (from == 0) {
        code.vmovups(total(q), totals + q);
      }
    }
  }

  private Address mixed(int query, int at) {
    return R8.at((query * QueryGroup.mixedStride(headSize) + at) * Float.BYTES);
  }

  /// Where the sum of a query's scores stands, in every lane.
  private Address total(int query) {
    return mixed(query, headSize);
  }

  private void loadValue(int to, int scale, int zero, int vector, boolean isFirst) {
    int dimension = vector * lanes;
    switch (element) {
      case FLOAT -> code.vmovups(to, RSI.at(dimension * Float.BYTES));
      case HALF -> code.vcvtph2ps(to, RSI.at(dimension * Short.BYTES));
      case CODE -> {
        int run = dimension / element.dimensions() * element.runBytes();
        int inRun = dimension % element.dimensions();
        if (inRun == 0 || isFirst) {
          code.vcvtph2ps(scale, RSI.at(run)); // reads codes, too, of which nothing is used
          code.vpermps(scale, zero, scale);
        }
        code.vpmovsxbd(to, RSI.at(run + Short.BYTES + inRun));
        code.vcvtdq2ps(to, to);
        code.vmulps(to, to, scale);
      }
    }
  }
}
