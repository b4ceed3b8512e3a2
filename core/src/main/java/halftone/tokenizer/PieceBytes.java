package halftone.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// The bytes that each id of a vocabulary stands for.
record PieceBytes(byte[][] bytes) {
  private static final char SPACE = '▁';

  /// Pieces in which "▁" stands for a space, and `<0x0A>` for a byte where the file says so.
  /// Special tokens are their text; unused ones are nothing.
  static PieceBytes withVisibleSpaces(Vocabulary vocabulary) {
    byte[][] bytes = new byte[vocabulary.pieces().size()][];
    for (int id = 0; id < bytes.length; id++) {
      bytes[id] = bytes(vocabulary, id, vocabulary.pieces().get(id));
    }
    return new PieceBytes(bytes);
  }

  private static byte[] bytes(Vocabulary vocabulary, int id, String piece) {
    return switch (vocabulary.types()[id]) {
      case Vocabulary.NORMAL -> piece.replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
      case Vocabulary.UNKNOWN, Vocabulary.CONTROL, Vocabulary.USER_DEFINED ->
          piece.getBytes(StandardCharsets.UTF_8);
      case Vocabulary.BYTE -> new byte[] {(byte) vocabulary.byteValue(id)};
      default -> new byte[0];
    };
  }

  int size() {
    return bytes.length;
  }

  boolean startsWithSpace(int id) {
    return bytes[id].length > 0 && bytes[id][0] == ' ';
  }

  /// The bytes of the tokens one after another.
  ///
  /// @throws IllegalArgumentException for an id outside the vocabulary
  byte[] join(int[] ids) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(ids.length * 4);
    for (int id : ids) {
      if (id < 0 || id >= bytes.length) {
        throw new IllegalArgumentException(
            "token " + id + " is not in the vocabulary of " + bytes.length);
      }
      out.writeBytes(bytes[id]);
    }
    return out.toByteArray();
  }
}
