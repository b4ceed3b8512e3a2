package halftone.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Finds whole tokens in a text before it is cut into words. Longer tokens are looked for first, as
/// llama.cpp does.
final class SpecialTokens {
  /// One of them. Control tokens count only when asked for, user-defined ones always.
  record Special(String text, int id, boolean control) {}

  /// A part of a text: a special token, or the text between two.
  sealed interface Part {
    record Plain(String text) implements Part {}

    record Found(int id) implements Part {}
  }

  private final List<Special> specials;

  SpecialTokens(List<Special> specials) {
    List<Special> sorted = new ArrayList<>(specials);
    sorted.removeIf(special -> special.text().isEmpty());
    sorted.sort(Comparator.comparingInt(special -> -special.text().length()));
    this.specials = List.copyOf(sorted);
  }

  /// Cuts a text at its special tokens.
  List<Part> parts(String text, boolean control) {
    List<Part> parts = List.of(new Part.Plain(text));
    for (Special special : specials) {
      if ((control || !special.control()) && text.contains(special.text())) {
        parts = cut(parts, special);
      }
    }
    return parts;
  }

  private static List<Part> cut(List<Part> parts, Special special) {
    List<Part> finer = new ArrayList<>();
    for (Part part : parts) {
      switch (part) {
        case Part.Found found -> finer.add(found);
        case Part.Plain(String text) -> cut(text, special, finer);
      }
    }
    return finer;
  }

  private static void cut(String text, Special special, List<Part> out) {
    int done = 0;
    int at = text.indexOf(special.text());
    while (at >= 0) {
      if (at > done) {
        out.add(new Part.Plain(text.substring(done, at)));
      }
      out.add(new Part.Found(special.id()));
      done = at + special.text().length();
      at = text.indexOf(special.text(), done);
    }
    if (done < text.length()) {
      out.add(new Part.Plain(text.substring(done)));
    }
  }
}
