package halftone.tokenizer;

import static java.util.stream.Collectors.groupingBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds whole tokens in a text before it is cut into words. Longer tokens are looked for first, as
/// llama.cpp does.
final class SpecialTokens {
  /// One of them. Control tokens count only when asked for, user-defined ones always.
  ///
  /// @param strips whether white space behind it goes with it
  record Special(String text, int id, boolean control, boolean strips) {}

  /// A part of a text: a special token, or the text between two.
  sealed interface Part {
    record Plain(String text) implements Part {}

    record Found(int id) implements Part {}
  }

  private final List<Special> specials;
  private final Map<Character, List<Special>> byFirst;

  SpecialTokens(List<Special> specials) {
    List<Special> sorted = new ArrayList<>(specials);
    sorted.removeIf(special -> special.text().isEmpty());
    sorted.sort(Comparator.comparingInt(special -> -utf8Length(special.text())));
    this.specials = List.copyOf(sorted);
    byFirst = sorted.stream().collect(groupingBy(special -> special.text().charAt(0)));
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// Cuts a text at its special tokens.
  List<Part> parts(String text, boolean control) {
    if (text.isEmpty()) {
      return List.of();
    }
    Set<Special> present = present(text);
    List<Part> parts = List.of(new Part.Plain(text));
    for (Special special : specials) {
      if ((control || !special.control()) && present.contains(special)) {
        parts = cut(parts, special);
      }
    }
    return parts;
  }

  /// Those that occur in a text, found in one pass: some vocabularies have thousands.
  private Set<Special> present(String text) {
    Set<Special> present = new HashSet<>();
    for (int at = 0; at < text.length(); at++) {
      for (Special special : byFirst.getOrDefault(text.charAt(at), List.of())) {
        if (text.startsWith(special.text(), at)) {
          present.add(special);
        }
      }
    }
    return present;
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
      while (special.strips() && done < text.length() && isSpace(text.charAt(done))) {
        done++;
      }
      at = text.indexOf(special.text(), done);
    }
    if (done < text.length()) {
      out.add(new Part.Plain(text.substring(done)));
    }
  }

  /// White space as C knows it.
  private static boolean isSpace(char character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
  }
}
