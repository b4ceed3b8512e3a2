package halftone.tokenizer;

import java.util.Arrays;

/// A growing array of token ids.
final class TokenList {
  private int[] values;
  private int size;

  TokenList(int capacity) {
    values = new int[capacity];
  }

  void add(int value) {
    reserve(1);
    values[size++] = value;
  }

  void addAll(int[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, values, size, more.length);
    size += more.length;
  }

  int size() {
    return size;
  }

  /// Forgets all but the first ids.
  void truncate(int length) {
    size = length;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }

  private void reserve(int more) {
    if (size + more > values.length) {
      values = Arrays.copyOf(values, Math.max(values.length * 2, size + more));
    }
  }
}
