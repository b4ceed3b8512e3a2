package halftone.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Turns tokens into text one at a time, as a terminal shows them: only whole characters, while the
/// bytes of an unfinished one wait for the next token.
///
/// The parts joined, [#end] included, are the text of all the tokens. Not thread-safe.
///
/// Example with a vocabulary of bytes: `next(0xC3)` is `""`, then `next(0xA9)` is `"é"`.
public final class TextStream {
  private static final int NONE = -1;

  private final Tokenizer tokenizer;
  private int previous;
  private byte[] waiting = new byte[0];

  private TextStream(Tokenizer tokenizer, int previous) {
    this.tokenizer = tokenizer;
    this.previous = previous;
  }

  /// A text that starts with the first token: a space that the tokenizer itself put in front of it
  /// is taken away.
  public static TextStream ofNewText(Tokenizer tokenizer) {
    return new TextStream(tokenizer, NONE);
  }

  /// A text that goes on behind a prompt.
  ///
  /// @param last the prompt's last token
  public static TextStream behind(Tokenizer tokenizer, int last) {
    return new TextStream(tokenizer, last);
  }

  /// The characters that this token completes; often one word, sometimes nothing. Bytes that are no
  /// UTF-8 become `U+FFFD`.
  ///
  /// @throws IllegalArgumentException for an id outside the vocabulary
  public String next(int id) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(waiting);
    bytes.writeBytes(piece(id));
    previous = id;
    byte[] all = bytes.toByteArray();
    int whole = all.length - unfinished(all);
    waiting = Arrays.copyOfRange(all, whole, all.length);
    return new String(all, 0, whole, StandardCharsets.UTF_8);
  }

  /// What an unfinished character left at the end: `U+FFFD`, or nothing.
  public String end() {
    String rest = new String(waiting, StandardCharsets.UTF_8);
    waiting = new byte[0];
    return rest;
  }

  /// Only behind another token is a token sure to keep its space.
  private byte[] piece(int id) {
    if (previous == NONE) {
      return tokenizer.decode(new int[] {id});
    }
    byte[] both = tokenizer.decode(new int[] {previous, id});
    int before = tokenizer.decode(new int[] {previous}).length;
    return Arrays.copyOfRange(both, before, both.length);
  }

  /// How many bytes at the end are the start of a character that more bytes can finish.
  private static int unfinished(byte[] bytes) {
    int back = 1;
    while (back <= Math.min(3, bytes.length)) {
      int value = bytes[bytes.length - back] & 0xFF;
      if (value >= 0xC0) {
        return back < length(value) ? back : 0;
      }
      if (value < 0x80) {
        return 0;
      }
      back++;
    }
    return 0;
  }

  /// Bytes of the character that a byte from 0xC0 on starts.
  private static int length(int first) {
    return first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  }
}
