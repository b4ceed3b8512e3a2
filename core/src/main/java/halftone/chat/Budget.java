package halftone.chat;

/// What a template may use up: it comes with a file from anywhere, and a loop within a loop within
/// a loop must end in a message.
final class Budget {
  /// Longest template, in characters; the longest published ones have 30,000.
  static final int SOURCE = 1 << 20;

  /// Deepest nesting of brackets and statements in a template.
  static final int NESTING = 200;

  /// Deepest nesting of what is evaluated: a sum of many terms is one of many sums, and macros call
  /// macros. Half the usual stack of a thread is enough for it, even where nothing is compiled yet.
  private static final int DEPTH = 300;

  private static final long STEPS = 4_000_000;
  private static final long CHARACTERS = 1L << 25;

  private static final int COMPARED_A_STEP = 1024;

  private long steps;
  private long characters;
  private int depth;

  /// One expression or statement, or one element looked at.
  void step() {
    if (++steps > STEPS) {
      throw new TemplateException("more than " + STEPS + " steps");
    }
  }

  /// So many characters compared; a comparison may end at the first, but need not.
  void look(long compared) {
    steps += compared / COMPARED_A_STEP;
    step();
  }

  /// A search for one text in another, at its worst.
  void search(String text, String part) {
    look((long) text.length() * Math.max(1, part.length()));
  }

  /// Elements of a list made; each takes the room of some characters.
  void makeElements(long count) {
    make(8 * count);
  }

  /// Characters made, whether they are kept or not.
  void make(long count) {
    characters += count;
    if (characters > CHARACTERS) {
      throw new TemplateException("more than " + CHARACTERS + " characters of text");
    }
  }

  void enter() {
    step();
    if (++depth > DEPTH) {
      throw new TemplateException("nesting deeper than " + DEPTH);
    }
  }

  void leave() {
    depth--;
  }
}
