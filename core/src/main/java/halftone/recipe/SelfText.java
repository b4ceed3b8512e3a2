package halftone.recipe;

import halftone.model.Model;
import halftone.store.Key;
import halftone.text.Chunks;
import halftone.text.Section;
import halftone.text.Text;
import halftone.tokenizer.Tokenizer;
import halftone.workers.Workers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Calibration text that the model writes itself, so that none need be brought (LLM-QAT, Liu et al.
/// 2023; self-calibration, Williams et al. 2025).
///
/// Row 0 begins with the beginning token, every other row with a token drawn from what the model
/// expects after it; the model takes the likeliest token up to [#GREEDY] and from there on draws
/// from its whole distribution. The beginning token stays in front where the model adds one. A row
/// that circles (fewer than 8 different tokens among 64) is begun again from another token. Equal
/// models, rows, lengths and seeds give equal tokens, on any number of threads, and the first rows
/// do not depend on how many follow.
///
/// @param rows texts to write
/// @param length tokens of each
public record SelfText(int rows, int length, long seed) {
  /// The word for it on a command line, in place of a file.
  public static final String WORD = "self";

  /// Rows of an importance matrix, where nobody says how many.
  public static final int USUAL_ROWS = 64;

  /// Rows that are written together: the weights are read once for all of them.
  static final int BATCH = 16;

  /// Tokens of a row that are settled before the drawing begins.
  static final int GREEDY = 4;

  private static final Pattern NAME =
      Pattern.compile(WORD + "/(\\d{1,6})x(\\d{1,6})/(-?\\d{1,19})");

  public SelfText {
    if (rows < 1 || length <= GREEDY) {
      throw new IllegalArgumentException(
          "%d rows of %d tokens; ask for at least one, of more than %d"
              .formatted(rows, length, GREEDY));
    }
  }

  /// As long as a chunk of any calibration text.
  public static SelfText ofRows(int rows) {
    return new SelfText(rows, Samples.CHUNK, 0);
  }

  /// What is read at an effort.
  public static SelfText of(Effort effort) {
    return ofRows(effort.calibrationChunks());
  }

  /// What the text is called in a file that was made with it: `self/16x512/0`.
  public String name() {
    return WORD + "/" + rows + "x" + length + "/" + seed;
  }

  /// The text that [#name] calls so.
  static Optional<SelfText> named(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new SelfText(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            Long.parseLong(matcher.group(3))));
  }

  /// What was written.
  ///
  /// @param chunks its tokens, one chunk a row
  public record Written(Text text, Chunks chunks) {}

  /// Writes all of it.
  ///
  /// @throws IllegalArgumentException when the model circles whatever it begins with
  public Written write(Model model, Tokenizer tokenizer, Workers workers, Progress progress) {
    progress.step("writing calibration text", rows * length);
    List<int[]> all = new ArrayList<>();
    try (SelfWriter writer = new SelfWriter(this, model, tokenizer, workers, progress)) {
      for (int first = 0; first < rows; first += BATCH) {
        all.addAll(List.of(writer.write(first, Math.min(BATCH, rows - first))));
      }
    }
    return written(all, tokenizer);
  }

  /// Writes what is not yet in the memo, a batch at a time.
  Written write(Workshop shop, Tokenizer tokenizer) {
    List<int[]> all = new ArrayList<>();
    boolean known = true;
    for (int first = 0; first < rows; first += BATCH) {
      known &= shop.memo().has(key(shop, first));
    }
    if (!known) {
      shop.progress().step("writing calibration text", rows * length);
      try (SelfWriter writer =
          new SelfWriter(this, shop.model(), tokenizer, shop.workers(), shop.progress())) {
        for (int first = 0; first < rows; first += BATCH) {
          if (!shop.memo().has(key(shop, first))) {
            int[][] batch = writer.write(first, Math.min(BATCH, rows - first));
            shop.memo().put(key(shop, first), numbers(batch));
          }
        }
      }
    }
    for (int first = 0; first < rows; first += BATCH) {
      all.addAll(rows(shop.memo().numbers(key(shop, first))));
    }
    return written(all, tokenizer);
  }

  private Key key(Workshop shop, int first) {
    return Key.of("self-text")
        .with("model", shop.modelHash())
        .with("length", length)
        .with("seed", seed)
        .with("first", first)
        .with("rows", Math.min(BATCH, rows - first))
        .key();
  }

  private static double[] numbers(int[][] batch) {
    return Arrays.stream(batch).flatMapToInt(Arrays::stream).asDoubleStream().toArray();
  }

  private List<int[]> rows(double[] numbers) {
    int[] ids = Arrays.stream(numbers).mapToInt(number -> (int) number).toArray();
    List<int[]> rows = new ArrayList<>();
    for (int from = 0; from < ids.length; from += length) {
      rows.add(Arrays.copyOfRange(ids, from, from + length));
    }
    return rows;
  }

  private Written written(List<int[]> all, Tokenizer tokenizer) {
    List<Section> sections = new ArrayList<>();
    List<Chunks.Chunk> chunks = new ArrayList<>();
    for (int[] row : all) {
      String text = new String(tokenizer.decode(row), StandardCharsets.UTF_8);
      sections.add(new Section(name() + "[" + sections.size() + "]", WORD, text));
      chunks.add(new Chunks.Chunk(WORD, row));
    }
    long available = (long) rows * length;
    return new Written(new Text(name(), sections), new Chunks(name(), length, available, chunks));
  }
}
