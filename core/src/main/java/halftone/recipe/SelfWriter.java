package halftone.recipe;

import halftone.kvcache.CachePolicy;
import halftone.model.Model;
import halftone.runtime.Arithmetic;
import halftone.runtime.Sampler;
import halftone.runtime.Sampling;
import halftone.runtime.Session;
import halftone.tokenizer.Tokenizer;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Writes the rows of a [SelfText] with one session.
final class SelfWriter implements AutoCloseable {
  /// Weights that take more than this when repacked are decoded for every token of a batch.
  private static final long PACKED_BYTES = 4L << 30;

  /// A row circles when so many of its last tokens hold fewer different ones than that.
  private static final int LOOKED_AT = 64;

  private static final int FEWEST_DIFFERENT = 8;
  private static final int ATTEMPTS = 16;

  private final SelfText wanted;
  private final Tokenizer tokenizer;
  private final Progress progress;
  private final Session session;
  private final float[] afterBeginning;

  SelfWriter(
      SelfText wanted, Model model, Tokenizer tokenizer, Workers workers, Progress progress) {
    this.wanted = wanted;
    this.tokenizer = tokenizer;
    this.progress = progress;
    this.session =
        new Session(
            model,
            new Session.Settings(Arithmetic.EXACT, CachePolicy.F16, wanted.length(), PACKED_BYTES),
            workers);
    this.afterBeginning = session.read(0, new int[] {tokenizer.bos()});
  }

  /// One row in the making.
  private final class Row {
    private final int number;
    private final int place;
    private final int[] tokens = new int[wanted.length()];
    private int attempt;
    private int count;
    private int read;
    private Sampler sampler = new Sampler(Sampling.GREEDY);

    Row(int number, int place) {
      this.number = number;
      this.place = place;
      begin();
    }

    private void begin() {
      session.forget(place);
      sampler = new Sampler(Sampling.plain(wanted.seed()), number + ((long) attempt << 32));
      count = 0;
      read = 0;
      boolean fromBeginning = number == 0 && attempt == 0;
      if (tokenizer.addsBos() || fromBeginning) {
        tokens[count++] = tokenizer.bos();
      }
      if (!fromBeginning) {
        tokens[count++] = sampler.next(afterBeginning, 0, session.vocabulary());
      }
    }

    boolean isUnfinished() {
      return count < tokens.length;
    }

    int unread() {
      return tokens[read];
    }

    /// Logits after the token that was [#unread].
    void take(float[] logits, int at) {
      read++;
      if (read < count) {
        return;
      }
      int vocabulary = session.vocabulary();
      Sampler chosen = count < SelfText.GREEDY ? new Sampler(Sampling.GREEDY) : sampler;
      tokens[count++] = chosen.next(logits, at, vocabulary);
      if (circles()) {
        attempt++;
        requirePatience();
        begin();
      }
    }

    private boolean circles() {
      return count >= LOOKED_AT
          && Arrays.stream(tokens, count - LOOKED_AT, count).distinct().count() < FEWEST_DIFFERENT;
    }

    private void requirePatience() {
      if (attempt == ATTEMPTS) {
        throw new IllegalArgumentException(
            "the model repeats itself whatever it begins with; give a calibration text");
      }
    }
  }

  /// Rows `first … first + count − 1`.
  int[][] write(int first, int count) {
    Row[] rows = IntStream.range(0, count).mapToObj(i -> new Row(first + i, i)).toArray(Row[]::new);
    Row[] writing = rows;
    while (writing.length > 0) {
      int[] places = Arrays.stream(writing).mapToInt(row -> row.place).toArray();
      int[] unread = Arrays.stream(writing).mapToInt(Row::unread).toArray();
      float[] logits = session.step(places, unread);
      for (int i = 0; i < writing.length; i++) {
        writing[i].take(logits, i * session.vocabulary());
      }
      progress.done(writing.length);
      writing = Arrays.stream(writing).filter(Row::isUnfinished).toArray(Row[]::new);
    }
    return Arrays.stream(rows).map(row -> row.tokens).toArray(int[][]::new);
  }

  @Override
  public void close() {
    session.close();
  }
}
