package halftone.text;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// The three texts, which share no passage: making one with texts that do is refused.
public record Texts(Text calibration, Text allocation, Text verification) {
  /// @throws OverlapException when two of them share a passage; see [OverlapCheck] for what counts
  public Texts {
    OverlapCheck.requireDisjoint(Role.CALIBRATION, calibration, Role.ALLOCATION, allocation);
    OverlapCheck.requireDisjoint(Role.CALIBRATION, calibration, Role.VERIFICATION, verification);
    OverlapCheck.requireDisjoint(Role.ALLOCATION, allocation, Role.VERIFICATION, verification);
  }

  /// Reads three sources. Ranges of one file may touch, not overlap, however little.
  public static Texts read(TextSource calibration, TextSource allocation, TextSource verification)
      throws IOException {
    requireApart(Role.CALIBRATION, calibration, Role.ALLOCATION, allocation);
    requireApart(Role.CALIBRATION, calibration, Role.VERIFICATION, verification);
    requireApart(Role.ALLOCATION, allocation, Role.VERIFICATION, verification);
    return new Texts(calibration.read(), allocation.read(), verification.read());
  }

  /// Splits one text in order: the first half for calibration, a quarter for allocation, the last
  /// for verification. See [TextSplit] for where it cuts.
  public static Texts split(TextSource source) throws IOException {
    List<Text> parts = TextSplit.HALF_QUARTER_QUARTER.apply(source.read());
    return new Texts(parts.get(0), parts.get(1), parts.get(2));
  }

  /// The project's own mix.
  public static Texts builtIn() throws IOException {
    return of(BuiltIn.Collection.MIX);
  }

  /// A collection that the project brings.
  public static Texts of(BuiltIn.Collection collection) throws IOException {
    return read(
        new BuiltIn(collection, Role.CALIBRATION),
        new BuiltIn(collection, Role.ALLOCATION),
        new BuiltIn(collection, Role.VERIFICATION));
  }

  public Text of(Role role) {
    return switch (role) {
      case CALIBRATION -> calibration;
      case ALLOCATION -> allocation;
      case VERIFICATION -> verification;
    };
  }

  private static void requireApart(Role first, TextSource one, Role second, TextSource other)
      throws IOException {
    if (one instanceof FileRange a
        && other instanceof FileRange b
        && Files.isSameFile(a.path(), b.path())) {
      long size = Files.size(a.path());
      FileRange.Bytes left = a.resolve(size);
      FileRange.Bytes right = b.resolve(size);
      long from = Math.max(left.from(), right.from());
      long to = Math.min(left.to(), right.to());
      if (from < to) {
        throw new OverlapException(
            "%s: bytes %d to %d are in both the %s and the %s text; give ranges that do not overlap"
                .formatted(a.path(), from, to, first.id(), second.id()));
      }
    }
  }
}
