package halftone.model;

import org.jspecify.annotations.Nullable;

/// How a network changes the angles of its rotary embedding to reach longer texts: pair j at
/// position p turns by p · positionScale · base^(−2j/dimensions) / factor_j, and sines and cosines
/// are multiplied by the magnitude.
///
/// @param factors tensor of dimensions/2 frequency divisors for contexts of at most `shortContext`
///   tokens; null for ones
/// @param longFactors the same for longer contexts (Phi-3's longrope); null where the length
///   changes nothing
public record RopeScaling(
    float positionScale,
    float magnitude,
    @Nullable String factors,
    @Nullable String longFactors,
    int shortContext) {
  public static final RopeScaling NONE = new RopeScaling(1, 1, null, null, Integer.MAX_VALUE);

  /// Frequency divisors used throughout a context of so many tokens, whatever the length of a text
  /// in it.
  public @Nullable String factors(int context) {
    return context > shortContext ? longFactors : factors;
  }

  /// The scaling that the keys and tensors of a file describe.
  ///
  /// @throws UnsupportedModelException for yarn and other types that interpolate otherwise
  static RopeScaling of(Metadata metadata, DecoderSizes sizes, TensorTable table) {
    String prefix = sizes.prefix() + "rope.scaling.";
    long pairs = sizes.ropeDimensions() / 2;
    String frequencies = table.optional("rope_freqs.weight", pairs);
    String shortFactors = table.optional("rope_factors_short.weight", pairs);
    String longFactors = table.optional("rope_factors_long.weight", pairs);
    float magnitude = metadata.floatOr(prefix + "attn_factor", 1);
    float positions = positionScale(metadata, sizes.prefix());
    if (shortFactors == null || longFactors == null) {
      return new RopeScaling(positions, magnitude, frequencies, null, Integer.MAX_VALUE);
    }
    int context = metadata.intOr(sizes.prefix() + "context_length", Integer.MAX_VALUE);
    int shortContext = metadata.intOr(prefix + "original_context_length", context);
    return new RopeScaling(positions, magnitude, shortFactors, longFactors, shortContext);
  }

  private static float positionScale(Metadata metadata, String prefix) {
    String type = metadata.text(prefix + "rope.scaling.type").orElse("linear");
    String factorKey = prefix + "rope.scaling.factor";
    String key = metadata.has(factorKey) ? factorKey : prefix + "rope.scale_linear";
    float factor = metadata.floatOr(key, 1);
    if (factor < 0 || !Float.isFinite(factor)) {
      throw metadata.malformed(key, String.valueOf(factor), "it must be positive and finite");
    }
    boolean unscaled = factor == 0 || factor == 1;
    return switch (type) {
      case "none", "longrope" -> 1;
      case "linear" -> unscaled ? 1 : 1 / factor;
      default -> {
        if (!unscaled) {
          throw new UnsupportedModelException(
              "rotary positions scaled by %s (%s)".formatted(factor, type));
        }
        yield 1;
      }
    };
  }
}
