package halftone.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Machine code for strips of queries, see [StripEmitter].
///
/// @param width queries of a strip
/// @param together keys whose scores are worked out together
record StripCode(
    int headSize,
    int width,
    int together,
    MethodHandle scoring,
    MethodHandle raising,
    MethodHandle mixing) {
  private static final FunctionDescriptor SCORES =
      FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);

  private static final FunctionDescriptor POWERS =
      FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_FLOAT);

  private static final FunctionDescriptor MIX =
      FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG);

  private static final Map<Heads, StripCode> KNOWN = new ConcurrentHashMap<>();

  /// What the code is for.
  private record Heads(InstructionSet set, int headSize) {
    StripCode code() {
      return new StripCode(
          headSize,
          StripEmitter.width(set),
          StripEmitter.together(set),
          MachineCode.function(StripEmitter.scores(set, headSize), SCORES),
          MachineCode.function(StripEmitter.powers(set), POWERS),
          MachineCode.function(StripEmitter.mix(set, headSize), MIX));
    }
  }

  /// The code for heads of a size; null where there is no machine code, or heads are not whole
  /// vectors or longer than a chunk of a product's sum.
  static @Nullable StripCode of(InstructionSet set, int headSize) {
    boolean fits = headSize % StripEmitter.DIMENSIONS == 0 && headSize <= ScalarKernels.CHUNK;
    return set == InstructionSet.NONE || !fits
        ? null
        : KNOWN.computeIfAbsent(new Heads(set, headSize), Heads::code);
  }

  /// Scores of the keys from one on.
  ///
  /// @param keys {positions × head size}
  /// @param count of keys, and more up to a multiple of [#together]
  void scores(MemorySegment keys, QueryStrip strip, int from, int count) {
    try {
      scoring.invokeExact(
          keys,
          bytes(from, headSize),
          strip.lanes().segment(),
          strip.scores().segment(),
          bytes(from, width),
          (long) Math.ceilDiv(count, together));
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }

  /// Scores of the keys from one on become powers of e, and are added up.
  void powers(QueryStrip strip, int from, int count, float factor) {
    try {
      raising.invokeExact(
          strip.scores().segment(),
          bytes(from, width),
          (long) count,
          strip.sums().segment(),
          ExponentialEmitter.tableAddress(),
          factor);
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }

  /// Adds Σ power · value over the positions from one on.
  ///
  /// @param values {positions × head size}
  void mix(MemorySegment values, QueryStrip strip, int from, int count) {
    try {
      mixing.invokeExact(
          values,
          bytes(from, headSize),
          strip.scores().segment(),
          bytes(from, width),
          strip.mixed().segment(),
          (long) count);
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }

  private static long bytes(int rows, int floats) {
    return (long) rows * floats * Float.BYTES;
  }
}
