package halftone.app.report;

import java.time.Duration;
import java.util.Locale;

/// Numbers as an engineer writes them: four significant digits, MB = 10⁶ bytes, a value no finer
/// than its error.
final class Figures {
  private static final int DIGITS = 4;

  /// Stands for a number that is not known.
  static final String UNKNOWN = "–";

  private Figures() {}

  /// Four significant digits: `0.03124`, `84.20`, `1.234e-5`; a dash for NaN.
  static String number(double value) {
    return significant(value, DIGITS);
  }

  /// A value to the second digit of its error: `0.03124 ± 0.00041`. Without a usable error, the
  /// value alone.
  static String estimate(double value, double error) {
    if (!Double.isFinite(value) || !Double.isFinite(error) || error <= 0) {
      return number(value);
    }
    int decimals = Math.max(0, 1 - exponent(error));
    if (decimals > 9) {
      return number(value) + " ± " + significant(error, 2);
    }
    return fixed(value, decimals) + " ± " + fixed(error, decimals);
  }

  /// With a sign in any case, and no finer than its error.
  static String signed(double value, double error) {
    String text = estimate(value, error).split(" ", 2)[0];
    return value > 0 ? "+" + text : text;
  }

  /// Two significant digits, for what only its size matters of.
  static String brief(double value) {
    return significant(value, 2);
  }

  /// Fractions as per cent.
  static String percent(double fraction) {
    return Double.isFinite(fraction) ? significant(100 * fraction, 3) + " %" : UNKNOWN;
  }

  static String percent(double fraction, double error) {
    return Double.isFinite(fraction) ? estimate(100 * fraction, 100 * error) + " %" : UNKNOWN;
  }

  /// `84.20 MB`; below 0.1 MB in kB, below 1 kB in bytes.
  static String bytes(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    return bytes < 100_000 ? number(bytes / 1e3) + " kB" : number(bytes / 1e6) + " MB";
  }

  /// Thousands apart by narrow spaces, whatever the machine's language.
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
  }

  static String megabytes(long bytes) {
    return number(bytes / 1e6);
  }

  /// `0.42 s`, `41.3 s`, `12 min 05 s`, `2 h 03 min`.
  static String time(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 60) {
      return significant(time.toMillis() / 1e3, 3) + " s";
    }
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
  }

  private static String significant(double value, int digits) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? UNKNOWN : value > 0 ? "∞" : "−∞";
    }
    if (value == 0) {
      return "0";
    }
    int exponent = exponent(value);
    if (exponent < -4 || exponent > 8) {
      String text = String.format(Locale.ROOT, "%." + (digits - 1) + "e", value);
      return minus(text.replaceFirst("e([+-])0*", "e$1").replace("e+", "e"));
    }
    return fixed(value, Math.max(0, digits - 1 - exponent(rounded(value, digits))));
  }

  private static double rounded(double value, int digits) {
    return Double.parseDouble(String.format(Locale.ROOT, "%." + (digits - 1) + "e", value));
  }

  private static int exponent(double value) {
    return (int) Math.floor(Math.log10(Math.abs(value)));
  }

  private static String fixed(double value, int decimals) {
    return minus(String.format(Locale.ROOT, "%." + decimals + "f", value));
  }

  private static String minus(String text) {
    return text.startsWith("-") ? "−" + text.substring(1) : text;
  }
}
