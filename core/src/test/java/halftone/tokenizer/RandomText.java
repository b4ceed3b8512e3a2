package halftone.tokenizer;

import halftone.model.GgufFile;
import halftone.model.GgufReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Seeded text that tokenizers stumble over: words, code, runs of white space, digits, emojis,
/// scripts, accents, and the text of special tokens.
final class RandomText {
  private static final List<String> WORDS =
      List.of(
          "the",
          "Hello",
          "world",
          "tokenizer",
          "I'll",
          "we've",
          "DON'T",
          "it's",
          "naïve",
          "Å",
          "é",
          "int main(void) {",
          "return 0;",
          "}",
          "\n",
          "\n\n",
          "\t",
          "  ",
          "    ",
          "\r\n",
          " ",
          "\u00a0",
          "\u3000",
          "\u0085",
          "\u200b",
          "\u0000",
          "\u0007",
          "...",
          "?!",
          "--",
          "$100",
          "<=>",
          "^~`|",
          "«»",
          "3",
          "42",
          "1234567",
          "3.14",
          "٣٤",
          "½",
          "Ⅷ",
          "漢字",
          "かな",
          "한국어",
          "Привет",
          "हिन्दी",
          "ไทย",
          "עברית",
          "العربية",
          "e\u0301",
          "🦙",
          "👩‍👩‍👧",
          "🇩🇪",
          "❤️",
          "𝔘𝔫𝔦",
          "ﬁ",
          "ß",
          "İ",
          "Σς",
          "▁",
          "▁▁",
          "Ġ",
          "<0x0A>",
          "<unk>",
          "</s>",
          "[MASK]",
          "<|im_start|>",
          "<|endoftext|>",
          "_",
          "#",
          "''",
          "'s");

  private final Random random;
  private final List<String> specials = new ArrayList<>();

  /// @param vocabulary a file whose special tokens, and some of whose pieces, occur in the text
  RandomText(long seed, Path vocabulary) throws IOException {
    random = new Random(seed);
    try (GgufFile file = GgufReader.open(vocabulary)) {
      Vocabulary read = Vocabulary.of(file.keys());
      for (int id = 0; id < read.pieces().size(); id++) {
        if (read.types()[id] != Vocabulary.NORMAL && read.types()[id] != Vocabulary.BYTE) {
          specials.add(read.pieces().get(id));
        }
      }
      for (int i = 0; i < 200; i++) {
        specials.add(read.pieces().get(random.nextInt(read.pieces().size())));
      }
    }
  }

  String next() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      switch (random.nextInt(8)) {
        case 0 -> text.append(specials.get(random.nextInt(specials.size())));
        case 1 -> text.appendCodePoint(anyCharacter());
        case 2 -> text.append(' ');
        default -> text.append(WORDS.get(random.nextInt(WORDS.size())));
      }
    }
    return text.toString();
  }

  /// Mostly from the first plane. None that Unicode gained lately: the reference implementation
  /// carries older tables than the JDK.
  private int anyCharacter() {
    while (true) {
      int point = random.nextInt(random.nextInt(4) > 0 ? 0x3000 : 0x20000);
      int type = Character.getType(point);
      if (type != Character.SURROGATE && type != Character.UNASSIGNED) {
        return point;
      }
    }
  }
}
