package halftone.recipe;

import halftone.kvcache.CachePolicy;
import halftone.runtime.MemoryPlan;
import java.util.Locale;

/// What the result may cost.
public sealed interface Budget {
  /// Short name for files and lines.
  default String label() {
    return switch (this) {
      case Bits bits -> bits.bitsPerWeight() + "bpw";
      case Size size -> Math.round(size.bytes() / 1e6) + "M";
      case Like like -> "like-" + like.preset().toLowerCase(Locale.ROOT);
      case MaxKl maxKl -> "kl" + maxKl.nats();
      case Fit fit -> "fit-" + Math.round(fit.memory() / 1e6) + "M";
    };
  }

  /// At most so many bits a weight: 8 × bytes of all tensors ÷ their elements.
  record Bits(double bitsPerWeight) implements Budget {}

  /// At most so many bytes of file, metadata counted.
  record Size(long bytes) implements Budget {}

  /// At most the size of our own file of this preset.
  record Like(String preset) implements Budget {}

  /// The smallest file whose predicted, then measured, mean KL divergence is at most this.
  record MaxKl(double nats) implements Budget {}

  /// At most so much memory for the file and all that running it takes: see [MemoryPlan].
  ///
  /// @param memory bytes
  /// @param context tokens of the longest text, prompt and answer
  /// @param cache how keys and values are kept
  record Fit(long memory, int context, CachePolicy cache) implements Budget {
    public Fit {
      if (context < 1) {
        throw new IllegalArgumentException("a context of " + context + " tokens; it takes one");
      }
    }
  }

  /// Reads `107M`, `1.5G`, `900k` or plain bytes; M is 10⁶.
  static Size parseSize(String text) {
    String number = text.strip();
    long unit =
        switch (number.isEmpty()
            ? ' '
            : Character.toLowerCase(number.charAt(number.length() - 1))) {
          case 'k' -> 1_000L;
          case 'm' -> 1_000_000L;
          case 'g' -> 1_000_000_000L;
          default -> 1L;
        };
    try {
      String digits = unit == 1 ? number : number.substring(0, number.length() - 1);
      long bytes = Math.round(Double.parseDouble(digits) * unit);
      if (bytes <= 0) {
        throw new NumberFormatException();
      }
      return new Size(bytes);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "a size is a positive number of bytes, or one with k, M or G (powers of ten), like 107M; not '"
              + text
              + "'");
    }
  }
}
