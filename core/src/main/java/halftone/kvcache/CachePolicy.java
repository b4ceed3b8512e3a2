package halftone.kvcache;

import halftone.kernel.CachePage;
import halftone.kernel.CachePageFloat;
import halftone.kernel.CachePageHalf;
import halftone.kernel.CachePageQ80;
import halftone.kernel.RowRounding;
import halftone.numeric.ActivationPartner;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// How keys and values are kept.
public enum CachePolicy {
  /// 4 bytes a value, nothing lost.
  F32(ActivationPartner.NONE) {
    @Override
    CachePage page(int heads, int headSize) {
      return new CachePageFloat(heads, headSize);
    }
  },
  /// 2 bytes a value: llama.cpp's default.
  F16(ActivationPartner.F16) {
    @Override
    CachePage page(int heads, int headSize) {
      return new CachePageHalf(heads, headSize);
    }
  },
  /// 34 bytes for 32 values.
  Q8_0(ActivationPartner.Q8_0) {
    @Override
    CachePage page(int heads, int headSize) {
      return new CachePageQ80(heads, headSize);
    }
  };

  /// All of them.
  public static final List<CachePolicy> ALL = List.of(values());

  private final ActivationPartner partner;

  CachePolicy(ActivationPartner partner) {
    this.partner = partner;
  }

  /// The policy of a name as users write it: `f32`, `f16`, `q8_0`.
  ///
  /// @throws IllegalArgumentException naming the legal ones
  public static CachePolicy named(String name) {
    return ALL.stream()
        .filter(policy -> policy.id().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no key-value cache format " + name + "; there are " + names()));
  }

  private static String names() {
    return Arrays.stream(values()).map(CachePolicy::id).collect(Collectors.joining(", "));
  }

  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// What llama.cpp rounds a query to before it meets keys of this format.
  public RowRounding queryRounding() {
    return partner == ActivationPartner.NONE ? RowRounding.NONE : partner::round;
  }

  /// An empty cache of one layer and one sequence.
  ///
  /// @param window how many positions a query sees, its own included; 0 for all
  /// @throws IllegalArgumentException when the format cannot hold heads of this size
  public LayerCache layer(int heads, int headSize, int window) {
    return new PagedCache(() -> page(heads, headSize), heads, headSize, window);
  }

  /// Bytes that such a cache of one sequence holds at most, when `context` positions are stored in
  /// order, `chunk` at a time.
  public long bytes(int heads, int headSize, int window, int context, int chunk) {
    return PagedCache.mostPages(window, context, chunk) * page(heads, headSize).bytes();
  }

  abstract CachePage page(int heads, int headSize);
}
