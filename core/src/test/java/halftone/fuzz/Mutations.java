package halftone.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Damages an input: bits, bytes, lengths, cuts, repetitions, and words that text formats trip
/// over. The same random numbers give the same damage.
final class Mutations {
  private static final int MOST = 6;
  private static final int DEEPEST = 20_000;

  /// Numbers at which counts, offsets and sizes go wrong.
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    7,
    31,
    32,
    255,
    256,
    65_535,
    1L << 24,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 31,
    1L << 32,
    (1L << 32) - 1,
    1L << 40,
    1L << 56,
    1L << 61,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MAX_VALUE - 31,
    Long.MIN_VALUE + 1
  };

  private static final List<String> WORDS =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "1e999",
          "-0",
          "1e-400",
          "9223372036854775807",
          "9223372036854775808",
          "123456789012345678901234567890",
          "[]",
          "{}",
          "\"\"",
          "\"",
          "\\",
          "\\ud800",
          "\\u0000",
          ",",
          ":",
          "[",
          "]",
          "{",
          "}",
          "{\"\":",
          "NaN",
          "=",
          "=f32",
          "\n",
          "(",
          ")",
          "*",
          "(?<a",
          "\\Q",
          "[^",
          "{{",
          "}}",
          "{%",
          "%}",
          "\u0000",
          "\uFEFF",
          "é",
          "▁");

  private final SplittableRandom random;

  Mutations(SplittableRandom random) {
    this.random = random;
  }

  byte[] damage(List<byte[]> seeds) {
    byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
    int left = random.nextBoolean() ? 1 : random.nextInt(1, MOST + 1);
    for (; left > 0; left--) {
      input = once(input, seeds);
    }
    return input;
  }

  private byte[] once(byte[] input, List<byte[]> seeds) {
    if (input.length == 0) {
      return word();
    }
    int at = place(input.length);
    return switch (random.nextInt(13)) {
      case 0, 1 -> flipped(input, at);
      case 2 -> set(input, at, (byte) random.nextInt());
      case 3, 4, 5 -> number(input, at);
      case 6 -> replaced(input, at, at + length(input, at), new byte[0]);
      case 7 -> replaced(input, at, at, Arrays.copyOfRange(input, at, at + length(input, at)));
      case 8 -> replaced(input, at, at + length(input, at), from(seeds));
      case 9 -> Arrays.copyOf(input, at);
      case 10 -> replaced(input, at, at, word());
      case 11 -> replaced(input, at, at + Math.min(8, length(input, at)), word());
      default -> random.nextInt(40) == 0 ? replaced(input, at, at, nest()) : flipped(input, at);
    };
  }

  /// Anywhere, or rather near the start, where headers are.
  private int place(int length) {
    return random.nextInt(random.nextBoolean() ? length : 1 + random.nextInt(length));
  }

  private byte[] flipped(byte[] input, int at) {
    return set(input, at, (byte) (input[at] ^ 1 << random.nextInt(8)));
  }

  private static byte[] set(byte[] input, int at, byte value) {
    input[at] = value;
    return input;
  }

  /// Overwrites one, two, four or eight bytes, little-endian, most often where such a field would
  /// lie.
  private byte[] number(byte[] input, int at) {
    int width = 1 << random.nextInt(4);
    int aligned = random.nextBoolean() ? at & -width : at;
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0, NUMBERS[random.nextInt(NUMBERS.length)]);
    bytes.get(0, input, aligned, Math.min(width, input.length - aligned));
    return input;
  }

  /// Mostly short.
  private int length(byte[] input, int at) {
    int most = random.nextInt(4) == 0 ? input.length : 16;
    return random.nextInt(Math.min(most, input.length - at) + 1);
  }

  private byte[] from(List<byte[]> seeds) {
    byte[] other = seeds.get(random.nextInt(seeds.size()));
    int start = random.nextInt(other.length + 1);
    return Arrays.copyOfRange(
        other, start, start + random.nextInt(Math.min(256, other.length - start) + 1));
  }

  private byte[] word() {
    return WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
  }

  /// What makes a recursive reader overflow its stack.
  private byte[] nest() {
    String opening = random.nextBoolean() ? "[" : random.nextBoolean() ? "{\"a\":" : "(";
    return opening.repeat(random.nextInt(DEEPEST)).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
    byte[] result = Arrays.copyOf(input, input.length - (to - from) + by.length);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(input, to, result, from + by.length, input.length - to);
    return result;
  }
}
