package halftone.numeric;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The room's members, and how they are found by name.
public final class NumberFormats {
  /// Every format that can be read: GGML's names, and those of safetensors that GGML has not.
  public static final List<NumberFormat> ALL =
      List.of(
          new F32(),
          new F16(),
          new Bf16(),
          Fp8.E4M3,
          Fp8.E5M2,
          PlainNumbers.F64,
          PlainNumbers.I8,
          PlainNumbers.I16,
          PlainNumbers.I32,
          PlainNumbers.I64,
          new Q10(),
          new Q20(),
          new Q40(),
          new Q41(),
          new Q50(),
          new Q51(),
          new Q80(),
          new Q81(),
          new Q8K(),
          new Q2K(),
          new Q3K(),
          new Q4K(),
          new Q5K(),
          new Q6K(),
          new Iq1S(),
          new Iq1M(),
          new Iq2Xxs(),
          new Iq2Xs(),
          new Iq2S(),
          new Iq3Xxs(),
          new Iq3S(),
          new Iq4Nl(),
          new Iq4Xs(),
          new Tq10(),
          new Tq20(),
          new Mxfp4(),
          new Nvfp4());

  private NumberFormats() {}

  /// The format of that name, in either case: `named("q4_k")` is Q4_K.
  ///
  /// @throws IllegalArgumentException when there is none; the message lists the names
  public static NumberFormat named(String id) {
    String wanted = id.toUpperCase(Locale.ROOT);
    for (NumberFormat format : ALL) {
      if (format.id().equals(wanted)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "no number format is named '%s'; there are %s"
            .formatted(id, ALL.stream().map(NumberFormat::id).collect(Collectors.joining(", "))));
  }

  /// The formats that weights can be written in, in the order of `ALL`.
  public static List<WeightFormat> weightFormats() {
    return ALL.stream()
        .filter(WeightFormat.class::isInstance)
        .map(WeightFormat.class::cast)
        .toList();
  }
}
