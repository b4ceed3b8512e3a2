package halftone.text;

import java.util.Arrays;

/// The shingles of a text, 64 characters each, one at every 16th character, by a rolling hash
/// (Rabin and Karp 1987). Asked at every character of another text, they find every common run of
/// 79 characters or more, and some shorter.
final class Shingles {
  /// Characters of a shingle: about 13 words, the length at which GPT-3's authors counted a text as
  /// seen (Brown et al. 2020, appendix C).
  static final int LENGTH = 64;

  static final int NONE = -1;
  private static final int STRIDE = 16;
  private static final long BASE = 0x9E3779B97F4A7C15L;

  /// `BASE` to the power `LENGTH`, modulo 2^64: what takes the oldest character out.
  private static final long LEAVING = power();

  private final NormalText text;
  private final long[] hashes;
  private final int[] positions;

  Shingles(NormalText text) {
    this.text = text;
    int count = Math.max(0, text.length() - LENGTH) / STRIDE + 1;
    hashes = new long[Integer.highestOneBit(count) << 2];
    positions = new int[hashes.length];
    Arrays.fill(positions, NONE);
    long hash = start(text);
    for (int at = 0; at + LENGTH <= text.length(); at++) {
      if (at % STRIDE == 0) {
        add(hash, at);
      }
      hash = roll(text, hash, at);
    }
  }

  private static long power() {
    long power = 1;
    for (int i = 0; i < LENGTH; i++) {
      power *= BASE;
    }
    return power;
  }

  /// Hash of the shingle at 0, or 0 when the text is shorter.
  static long start(NormalText text) {
    long hash = 0;
    for (int i = 0; i < LENGTH && LENGTH <= text.length(); i++) {
      hash = hash * BASE + text.at(i) + 1;
    }
    return hash;
  }

  /// Hash of the shingle at `at + 1` from that at `at`.
  static long roll(NormalText text, long hash, int at) {
    if (at + LENGTH >= text.length()) {
      return hash;
    }
    return hash * BASE + text.at(at + LENGTH) + 1 - LEAVING * (text.at(at) + 1);
  }

  private void add(long hash, int at) {
    int slot = slot(hash);
    if (positions[slot] == NONE) {
      hashes[slot] = hash;
      positions[slot] = at;
    }
  }

  /// Where this text has the shingle that another has at a position, or [#NONE].
  int find(long hash, NormalText other, int at) {
    int position = positions[slot(hash)];
    if (position == NONE) {
      return NONE;
    }
    for (int i = 0; i < LENGTH; i++) {
      if (text.at(position + i) != other.at(at + i)) {
        return NONE;
      }
    }
    return position;
  }

  private int slot(long hash) {
    int mask = positions.length - 1;
    long mixed = (hash ^ hash >>> 29) * 0xBF58476D1CE4E5B9L;
    int slot = (int) (mixed >>> 32) & mask;
    while (positions[slot] != NONE && hashes[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
