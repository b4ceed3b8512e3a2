package halftone.text;

import java.util.Random;

/// Paragraphs of made-up words: two seeds share no passage.
final class RandomProse {
  private RandomProse() {}

  static String paragraphs(long seed, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(paragraph(seed * 1000 + i, 60)).append("\n\n");
    }
    return text.toString();
  }

  /// A line of this many words, about seven characters each.
  static String paragraph(long seed, int words) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      for (int letter = 2 + random.nextInt(9); letter > 0; letter--) {
        text.append((char) ('a' + random.nextInt(26)));
      }
      text.append(i % 12 == 11 ? ". " : " ");
    }
    return text.toString().strip();
  }
}
