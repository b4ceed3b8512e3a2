package halftone.numeric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The members of this room.
public final class NumberFormats {
  public static final List<NumberFormat> ALL =
      List.of(
          new F32(),
          new F16(),
          new Bf16(),
          new Q10(),
          new Q20(),
          new Q40(),
          new Q41(),
          new Q50(),
          new Q51(),
          new Q80(),
          new Q2K(),
          new Q3K(),
          new Q4K(),
          new Q5K(),
          new Q6K(),
          new Iq4Nl(),
          new Iq4Xs(),
          new Tq10(),
          new Tq20(),
          new Mxfp4(),
          new Nvfp4(),
          new PlainNumbers("I8", 1),
          new PlainNumbers("I16", 2),
          new PlainNumbers("I32", 4),
          new PlainNumbers("I64", 8),
          new PlainNumbers("F64", 8));

  private NumberFormats() {}

  /// The format of this name, in any case.
  ///
  /// @throws IllegalArgumentException when there is none; the message lists all
  public static NumberFormat named(String id) {
    String wanted = id.strip().toUpperCase(Locale.ROOT);
    for (NumberFormat format : ALL) {
      if (format.id().equals(wanted)) {
        return format;
      }
    }
    String known = ALL.stream().map(NumberFormat::id).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("no number format is called '" + id + "'; there are " + known);
  }

  /// Those that weights can be written in.
  public static List<WeightFormat> weightFormats() {
    List<WeightFormat> formats = new ArrayList<>();
    for (NumberFormat format : ALL) {
      if (format instanceof WeightFormat weightFormat) {
        formats.add(weightFormat);
      }
    }
    return List.copyOf(formats);
  }
}
