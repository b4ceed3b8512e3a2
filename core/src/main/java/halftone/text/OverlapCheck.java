package halftone.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// Finds passages that two texts share and refuses the texts when there are too many.
///
/// Texts are compared without regard to case, punctuation and white space. A passage is a common
/// run of at least 64 characters. Two texts are refused when
///
/// - one passage has 256 characters or more: a paragraph, which no heading, licence line or system
///   prompt reaches; or
/// - the passages together are more than 1 % of the second text (256 characters in a short one). A
///   mean over the text then still moves by less than 1 % of itself even if what it had seen cost
///   nothing, which is below the standard error of such a mean.
///
/// A few common lines pass; a document of one text inside the other does not.
public final class OverlapCheck {
  static final int LONGEST_PASSAGE = 256;
  static final double LARGEST_SHARE = 0.01;
  private static final int SHOWN = 3;
  private static final int EXCERPT = 70;

  private OverlapCheck() {}

  /// A run that two texts have in common.
  ///
  /// @param first where the first text has it: section and line
  /// @param second where the second has it
  /// @param characters its length, normalised
  public record Passage(String first, String second, int characters, String excerpt) {}

  /// All passages of the second text that are also in the first, in order.
  public static List<Passage> passages(Text first, Text second) {
    NormalText known = new NormalText(first);
    NormalText other = new NormalText(second);
    return runs(known, other).stream().map(run -> passage(known, other, run)).toList();
  }

  /// The characters `from` to `to` of the other text; the known one has their beginning at `found`.
  private record Run(int found, int from, int to) {
    int characters() {
      return to - from;
    }
  }

  private static List<Run> runs(NormalText known, NormalText other) {
    Shingles shingles = new Shingles(known);
    List<Run> runs = new ArrayList<>();
    long hash = Shingles.start(other);
    int done = 0;
    for (int at = 0; at + Shingles.LENGTH <= other.length(); at++) {
      if (at + Shingles.LENGTH > done) {
        int found = shingles.find(hash, other, at);
        if (found != Shingles.NONE) {
          done = add(runs, runAround(known, found, other, at, done));
        }
      }
      hash = Shingles.roll(other, hash, at);
    }
    return runs;
  }

  /// The longest common run through a shared shingle that starts no earlier than the last run
  /// ended.
  private static Run runAround(NormalText known, int found, NormalText other, int at, int done) {
    int from = at - reachBack(known, found, other, at, done);
    int skipped = Math.max(0, done - from);
    int start = from + skipped;
    return new Run(found - (at - from) + skipped, start, reach(known, found, other, at));
  }

  /// Adds a run, to the last one where it goes on without a gap: the known text may have the two
  /// apart.
  private static int add(List<Run> runs, Run run) {
    if (!runs.isEmpty() && runs.getLast().to() == run.from()) {
      Run last = runs.removeLast();
      runs.add(new Run(last.found(), last.from(), run.to()));
    } else {
      runs.add(run);
    }
    return run.to();
  }

  private static int reachBack(NormalText known, int found, NormalText other, int at, int done) {
    int back = 0;
    while (found - back > 0
        && at - back > done
        && known.at(found - back - 1) == other.at(at - back - 1)) {
      back++;
    }
    return back;
  }

  /// Where in the other text the common run ends.
  private static int reach(NormalText known, int found, NormalText other, int at) {
    int length = Shingles.LENGTH;
    while (found + length < known.length()
        && at + length < other.length()
        && known.at(found + length) == other.at(at + length)) {
      length++;
    }
    return at + length;
  }

  private static Passage passage(NormalText known, NormalText other, Run run) {
    // A run that starts with a space would be said to start on the line before.
    int space = other.at(run.from()) == ' ' ? 1 : 0;
    int from = run.from() + space;
    String excerpt = other.excerpt(from, Math.min(run.to(), from + EXCERPT));
    return new Passage(
        known.place(run.found() + space), other.place(from), run.characters(), excerpt);
  }

  /// Refuses two texts that share too much.
  ///
  /// @throws OverlapException naming the longest shared passages and where they stand
  static void requireDisjoint(Role first, Text one, Role second, Text other) {
    NormalText known = new NormalText(one);
    NormalText against = new NormalText(other);
    List<Run> runs = runs(known, against);
    long total = runs.stream().mapToLong(Run::characters).sum();
    int longest = runs.stream().mapToInt(Run::characters).max().orElse(0);
    double allowed = Math.max(LONGEST_PASSAGE, LARGEST_SHARE * against.length());
    if (longest < LONGEST_PASSAGE && total <= allowed) {
      return;
    }
    String shown =
        runs.stream()
            .sorted(Comparator.comparingInt(run -> -run.characters()))
            .limit(SHOWN)
            .map(run -> shown(passage(known, against, run)))
            .collect(Collectors.joining("; "));
    throw new OverlapException(
        "the %s and the %s text share %d passages, %d characters: %s; take them out of one of the two"
            .formatted(first.id(), second.id(), runs.size(), total, shown));
  }

  private static String shown(Passage passage) {
    return "%d characters at %s and %s, \"%s…\""
        .formatted(passage.characters(), passage.first(), passage.second(), passage.excerpt());
  }
}
