package halftone.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// GPT-2's printable stand-in for every byte: bytes that are visible Latin-1 characters stand for
/// themselves, the other 68 for the characters from U+0100 on, in order. So a space is `Ġ` (U+0120)
/// and a line feed `Ċ` (U+010A).
///
/// Source: Radford et al., "Language Models are Unsupervised Multitask Learners", 2019, and the
/// vocabulary files that follow it.
final class ByteAlphabet {
  private static final int END = 0x144;
  private static final char[] CHARACTERS = new char[256];
  private static final short[] BYTES = new short[END];

  static {
    Arrays.fill(BYTES, (short) -1);
    char next = 0x100;
    for (int value = 0; value < 256; value++) {
      CHARACTERS[value] = isVisible(value) ? (char) value : next++;
      BYTES[CHARACTERS[value]] = (short) value;
    }
  }

  private ByteAlphabet() {}

  private static boolean isVisible(int value) {
    return (value >= '!' && value <= '~')
        || (value >= 0xA1 && value <= 0xAC)
        || (value >= 0xAE && value <= 0xFF);
  }

  /// The character that stands for a byte, 0 to 255.
  static char character(int value) {
    return CHARACTERS[value];
  }

  /// The bytes that a vocabulary piece stands for; a character outside the alphabet stands for its
  /// own UTF-8.
  static byte[] bytes(String piece) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(piece.length());
    piece
        .codePoints()
        .forEach(
            point -> {
              if (point < END && BYTES[point] >= 0) {
                out.write(BYTES[point]);
              } else {
                out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
              }
            });
    return out.toByteArray();
  }
}
