package halftone.text;

import halftone.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;

/// One token a byte, 256 as beginning token: tokens that can be counted by eye.
record ByteTokenizer(boolean addsBos) implements Tokenizer {
  @Override
  public int[] encode(String text, boolean special) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = bytes[i] & 0xFF;
    }
    return ids;
  }

  @Override
  public byte[] decode(int[] ids) {
    byte[] bytes = new byte[ids.length];
    for (int i = 0; i < ids.length; i++) {
      bytes[i] = (byte) ids[i];
    }
    return bytes;
  }

  @Override
  public int bos() {
    return 256;
  }

  @Override
  public int vocabularySize() {
    return 257;
  }
}
