package halftone.numeric;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Numbers of 2 to 8 bits that a scale beside them gives their size: small floats, the levels of
/// NF4, integers, bipolar ones too. Unlike a [NumberFormat] an element format does not say where
/// the scale is stored, or for how many elements.
///
/// Sources: OCP Microscaling v1.0 and arXiv 2209.05433 (F8_E4M3, F8_E5M2, MX_INT8), arXiv
/// 2311.12359 (ExMy), arXiv 2305.14314 (NF4), arXiv 2409.17870 (bipolar integers).
public final class ElementFormat {
  private static final float[] NORMAL_QUANTILES = {
    -1,
    -0.6961928f,
    -0.5250731f,
    -0.3949175f,
    -0.2844414f,
    -0.1847734f,
    -0.0910500f,
    0,
    0.0795803f,
    0.1609302f,
    0.2461123f,
    0.3379152f,
    0.4407098f,
    0.5626170f,
    0.7229568f,
    1
  };

  /// S.EEEE.MMM of checkpoints: S.1111.111 is no number, 448 the largest.
  public static final ElementFormat F8_E4M3 = Minifloat.withoutInfinity();

  /// S.EEEEE.MM of checkpoints: the highest exponent holds infinities and what is no number, 57344
  /// is the largest.
  public static final ElementFormat F8_E5M2 = Minifloat.withInfinity();

  /// The bytes −127 … 127 as sixty-fourths.
  public static final ElementFormat MX_INT8 = sixtyFourths();

  /// Quantiles of the normal distribution; an absolute maximum is their scale.
  public static final ElementFormat NF4 =
      new ElementFormat("NF4", 4, NORMAL_QUANTILES.clone(), false, false);

  private static final List<ElementFormat> INTEGERS =
      IntStream.rangeClosed(2, 8)
          .mapToObj(bits -> new ElementFormat("INT" + bits, bits, symmetric(bits, 1), false, false))
          .toList();

  /// Every format that can be named.
  public static final List<ElementFormat> ALL =
      Stream.of(
              IntStream.rangeClosed(3, 8).boxed().flatMap(bits -> minifloats(bits).stream()),
              Stream.of(F8_E4M3, F8_E5M2, MX_INT8, NF4),
              IntStream.rangeClosed(1, 8).mapToObj(ElementFormat::bipolar),
              INTEGERS.stream())
          .flatMap(each -> each)
          .toList();

  private final String id;
  private final int bits;
  private final float[] values;
  private final boolean signed;
  private final boolean upward;

  /// Ascending numbers and their codes; of a signed format those without the sign.
  private final float[] numbers;

  private final int[] codes;

  /// @param values by code; NaN and infinities are never chosen
  /// @param signed whether the highest bit is a sign and the codes below it ascend
  /// @param upward whether a number half-way goes up; else it goes to the even code
  ElementFormat(String id, int bits, float[] values, boolean signed, boolean upward) {
    this.id = id;
    this.bits = bits;
    this.values = values;
    this.signed = signed;
    this.upward = upward;
    this.codes =
        IntStream.range(0, signed ? values.length / 2 : values.length)
            .filter(code -> Float.isFinite(values[code]))
            .boxed()
            .sorted((a, b) -> Float.compare(values[a], values[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.numbers = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      numbers[i] = values[codes[i]];
    }
  }

  /// A float of x bits of exponent (bias 2^(x − 1) − 1) and y of mantissa under a sign, all codes
  /// numbers: `E4M3` reaches 480.
  ///
  /// @throws IllegalArgumentException without an exponent, or beyond 8 bits
  public static ElementFormat minifloat(int exponentBits, int mantissaBits) {
    return Minifloat.ofNumbersOnly(exponentBits, mantissaBits);
  }

  /// Every [#minifloat] of so many bits, the smallest exponent first.
  public static List<ElementFormat> minifloats(int bits) {
    return IntStream.rangeClosed(1, bits - 1)
        .mapToObj(exponent -> minifloat(exponent, bits - 1 - exponent))
        .toList();
  }

  /// The odd integers from −(2^n − 1) to 2^n − 1: bit i of the code counts ±2^i.
  public static ElementFormat bipolar(int bits) {
    float[] values = new float[1 << bits];
    for (int code = 0; code < values.length; code++) {
      values[code] = 2 * code - (values.length - 1);
    }
    return new ElementFormat("BIPOLAR" + bits, bits, values, false, true);
  }

  /// Two's complement from −(2^(n − 1) − 1) to its opposite: the lowest code is no number.
  ///
  /// @param bits 2 to 8
  public static ElementFormat integer(int bits) {
    if (bits < 2 || bits > 8) {
      throw new IllegalArgumentException("integers of 2 to 8 bits, not " + bits);
    }
    return INTEGERS.get(bits - 2);
  }

  private static ElementFormat sixtyFourths() {
    return new ElementFormat("MX_INT8", 8, symmetric(8, 64), false, false);
  }

  private static float[] symmetric(int bits, float one) {
    float[] values = new float[1 << bits];
    int lowest = values.length / 2;
    for (int code = 0; code < values.length; code++) {
      int number = code < lowest ? code : code - values.length;
      values[code] = code == lowest ? Float.NaN : number / one;
    }
    return values;
  }

  /// @throws IllegalArgumentException when there is none of that name; the message lists them
  public static ElementFormat named(String id) {
    String wanted = id.toUpperCase(Locale.ROOT);
    return ALL.stream()
        .filter(each -> each.id.equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no element format is named '%s'; there are %s"
                        .formatted(
                            id,
                            ALL.stream()
                                .map(ElementFormat::id)
                                .collect(Collectors.joining(", ")))));
  }

  /// The name, spelled as its users spell it: `E2M1`, `NF4`.
  public String id() {
    return id;
  }

  /// Of a code.
  public int bits() {
    return bits;
  }

  /// The largest number.
  public float largest() {
    return numbers[numbers.length - 1];
  }

  /// What a code stands for; NaN or an infinity for some codes of F8_E4M3, F8_E5M2 and MX_INT8.
  public float value(int code) {
    return values[code];
  }

  /// The code of the number nearest to `x`, which is no NaN; beyond the largest, that.
  public int nearest(float x) {
    if (!signed) {
      return codes[place(x)];
    }
    int code = codes[place(Math.abs(x))];
    return Float.floatToRawIntBits(x) < 0 ? code | values.length >> 1 : code;
  }

  /// The largest number that is not above `x`, or the least there is.
  public float below(float x) {
    return signed && x < 0 ? -atLeast(-x) : atMost(x);
  }

  /// The least number that is not below `x`, or the largest there is.
  public float above(float x) {
    return signed && x < 0 ? -atMost(-x) : atLeast(x);
  }

  private float atMost(float x) {
    int found = Arrays.binarySearch(numbers, x);
    return numbers[found >= 0 ? found : Math.max(0, -found - 2)];
  }

  private float atLeast(float x) {
    int found = Arrays.binarySearch(numbers, x);
    return numbers[found >= 0 ? found : Math.min(numbers.length - 1, -found - 1)];
  }

  private int place(float x) {
    int found = Arrays.binarySearch(numbers, x);
    if (found >= 0) {
      return found;
    }
    int above = -found - 1;
    if (above == 0) {
      return 0;
    }
    if (above == numbers.length) {
      return above - 1;
    }
    double below = (double) x - numbers[above - 1];
    double left = (double) numbers[above] - x;
    boolean up = below == left ? upward || (codes[above] & 1) == 0 : below > left;
    return up ? above : above - 1;
  }

  @Override
  public String toString() {
    return id;
  }
}
