package halftone.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Machine code for the pages of a cache, each function emitted when it is first needed.
final class CacheCode {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(
          ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final int MOST = CacheEmitter.MOST;
  private static final Map<Pages, CacheCode> KNOWN = new ConcurrentHashMap<>();

  /// What the code is for.
  private record Pages(InstructionSet set, CacheElement element, int headSize) {}

  private final Pages pages;
  private final int groups;
  private final AtomicReferenceArray<MethodHandle> scores;
  private final AtomicReferenceArray<MethodHandle> mixes = new AtomicReferenceArray<>(MOST + 1);

  private CacheCode(Pages pages) {
    this.pages = pages;
    this.groups = CacheEmitter.groups(pages.set());
    this.scores = new AtomicReferenceArray<>((MOST + 1) * (groups + 1));
  }

  /// The code for pages of heads of a size; null where there is no machine code, or heads are not
  /// whole runs of dimensions or longer than a chunk of a product's sum.
  static @Nullable CacheCode of(InstructionSet set, CacheElement element, int headSize) {
    boolean fits = headSize % element.dimensions() == 0 && headSize <= ScalarKernels.CHUNK;
    return set == InstructionSet.NONE || !fits
        ? null
        : KNOWN.computeIfAbsent(new Pages(set, element, headSize), CacheCode::new);
  }

  /// Products of the queries with the keys of positions `0 … to − 1`, and of more up to whole
  /// groups.
  ///
  /// @param first where the keys of the head begin, in bytes
  /// @param at where the scores of the page begin
  void scores(MemorySegment keys, long first, int to, QueryGroup queries, int at) {
    int all = Math.ceilDiv(to, CachePage.TOGETHER);
    int together = all / groups * groups;
    if (together > 0) {
      scores(groups, keys, first, together / groups, queries, at);
    }
    if (together < all) { // one, as no more than two go together
      long begin = first + (long) together * pages.element().groupBytes(pages.headSize());
      scores(1, keys, begin, 1, queries, at + together * CachePage.TOGETHER);
    }
  }

  private void scores(
      int together, MemorySegment keys, long first, int times, QueryGroup queries, int at) {
    for (int q = 0; q < queries.count(); q += MOST) {
      int count = Math.min(MOST, queries.count() - q);
      call(
          scoring(count, together),
          keys,
          first,
          queries.queries().segment(),
          (long) q * pages.headSize(),
          queries.scores().segment(),
          (long) q * queries.stride() + at,
          times,
          queries.stride());
    }
  }

  /// Adds Σ score · value over some positions, and Σ score.
  ///
  /// @param first where the value of the first position begins, in bytes
  /// @param at where its scores are
  void mix(MemorySegment values, long first, int positions, QueryGroup queries, int at) {
    for (int q = 0; q < queries.count() && positions > 0; q += MOST) {
      int count = Math.min(MOST, queries.count() - q);
      call(
          mixing(count),
          values,
          first,
          queries.scores().segment(),
          (long) q * queries.stride() + at,
          queries.mixed().segment(),
          (long) q * QueryGroup.mixedStride(pages.headSize()),
          positions,
          queries.stride());
    }
  }

  /// @param from where to begin in `floats`, likewise `to` in `target`
  private static void call(
      MethodHandle function,
      MemorySegment page,
      long first,
      MemorySegment floats,
      long from,
      MemorySegment target,
      long to,
      long times,
      long stride) {
    try {
      function.invokeExact(
          page,
          first,
          floats,
          from * Float.BYTES,
          target,
          to * Float.BYTES,
          times,
          stride * Float.BYTES);
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }

  private MethodHandle scoring(int queries, int together) {
    int index = queries * (groups + 1) + together;
    MethodHandle known = scores.get(index);
    return known == null
        ? keep(
            scores,
            index,
            CacheEmitter.scores(pages.set(), pages.element(), pages.headSize(), queries, together))
        : known;
  }

  private MethodHandle mixing(int queries) {
    MethodHandle known = mixes.get(queries);
    return known == null
        ? keep(
            mixes,
            queries,
            CacheEmitter.mix(pages.set(), pages.element(), pages.headSize(), queries))
        : known;
  }

  private static MethodHandle keep(
      AtomicReferenceArray<MethodHandle> functions, int index, byte[] code) {
    functions.compareAndSet(index, null, MachineCode.function(code, TYPE));
    return functions.get(index);
  }
}
