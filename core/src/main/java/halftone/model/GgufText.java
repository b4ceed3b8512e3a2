package halftone.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/// Strings of a file to Java's and back without loss. Vocabularies hold pieces that are not UTF-8:
/// a byte b ≥ 0x80 that does not decode becomes the lone surrogate U+DC00 + b, and lone surrogates
/// become their byte again (the way of Python's `surrogateescape`, PEP 383). Proper UTF-8 never
/// decodes to lone surrogates, so the mapping is one to one.
///
/// Example: the bytes `61 FF` are the string "a\uDCFF".
final class GgufText {
  private static final int ESCAPE = 0xDC00;

  private GgufText() {}

  static String decode(byte[] bytes, int from, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
    } catch (CharacterCodingException notUtf8) {
      return decodeEscaping(ByteBuffer.wrap(bytes, from, length));
    }
  }

  private static String decodeEscaping(ByteBuffer in) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer out = CharBuffer.allocate(in.remaining());
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        break;
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE + (in.get() & 0xFF)));
      }
    }
    return out.flip().toString();
  }

  static byte[] encode(String text) {
    try {
      ByteBuffer out = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[out.remaining()];
      out.get(bytes);
      return bytes;
    } catch (CharacterCodingException escaped) {
      return encodeEscaped(text);
    }
  }

  private static byte[] encodeEscaped(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    text.codePoints()
        .forEach(
            point -> {
              if (Character.MIN_SURROGATE <= point && point <= Character.MAX_SURROGATE) {
                out.write(escapedByte(point));
              } else {
                out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
              }
            });
    return out.toByteArray();
  }

  private static int escapedByte(int point) {
    if (point < ESCAPE + 0x80 || point > ESCAPE + 0xFF) {
      throw new IllegalArgumentException(
          "a string holds half a character: U+%04X".formatted(point));
    }
    return point - ESCAPE;
  }
}
