package halftone.runtime;

import halftone.tokenizer.TextStream;
import halftone.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Writes a text behind a prompt, token by token.
public final class Generation {
  private final Session session;
  private final Tokenizer tokenizer;

  public Generation(Session session, Tokenizer tokenizer) {
    this.session = session;
    this.tokenizer = tokenizer;
  }

  /// Where a text ends.
  ///
  /// @param tokens the most tokens to write
  /// @param ends tokens behind which nothing is worth reading; they are not part of the text
  /// @param stops strings that end the text; they are not part of it
  public record Limits(int tokens, Set<Integer> ends, List<String> stops) {
    public Limits {
      ends = Set.copyOf(ends);
      stops = List.copyOf(stops);
      if (tokens < 0 || stops.stream().anyMatch(String::isEmpty)) {
        throw new IllegalArgumentException(
            "at most " + tokens + " tokens, or an empty stop string");
      }
    }
  }

  /// Why a text ended.
  public enum Reason {
    /// The model gave an end token.
    END,
    /// A stop string appeared.
    STOP,
    /// So many tokens were asked for.
    TOKENS,
    /// The context is full.
    CONTEXT,
    /// The reader had enough.
    CANCELLED
  }

  /// What was written.
  ///
  /// @param tokens without an end token; a stop string's own tokens are among them
  /// @param prompt how long reading the prompt took
  /// @param writing how long the tokens behind the first took: each one step
  public record Result(
      List<Integer> tokens, String text, Reason reason, Duration prompt, Duration writing) {
    public Result {
      tokens = List.copyOf(tokens);
    }

    /// Tokens a second once the prompt was read; NaN for fewer than two tokens.
    public double speed() {
      return tokens.size() < 2 ? Double.NaN : (tokens.size() - 1) / (writing.toNanos() / 1e9);
    }
  }

  /// Reads a text as it is written.
  @FunctionalInterface
  public interface Reader {
    /// The next characters, not empty.
    ///
    /// @return whether to go on
    boolean read(String characters);
  }

  /// Writes behind text `number` of the session, of which `prompt` is still unread.
  ///
  /// @param prompt at least one token
  /// @throws IllegalArgumentException when the prompt does not fit the context
  public Result write(int number, int[] prompt, Sampler sampler, Limits limits, Reader reader) {
    for (int token : prompt) {
      sampler.accept(token);
    }
    long start = System.nanoTime();
    float[] logits = session.read(number, prompt);
    long read = System.nanoTime();
    Writing writing =
        new Writing(limits, reader, TextStream.behind(tokenizer, prompt[prompt.length - 1]));
    while (writing.goesOn()) {
      int token = sampler.next(logits, 0, session.vocabulary());
      sampler.accept(token);
      writing.add(token);
      if (writing.goesOn() && session.length(number) == session.context()) {
        writing.end(Reason.CONTEXT);
      }
      if (writing.goesOn()) {
        logits = session.step(new int[] {number}, new int[] {token});
      }
    }
    return writing.result(
        Duration.ofNanos(read - start), Duration.ofNanos(System.nanoTime() - read));
  }

  /// A text that grows. Characters that may be the beginning of a stop string wait.
  private static final class Writing {
    private final Limits limits;
    private final Reader reader;
    private final TextStream stream;
    private final List<Integer> tokens = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int shown;
    private boolean ended;
    private Reason reason = Reason.TOKENS;

    Writing(Limits limits, Reader reader, TextStream stream) {
      this.limits = limits;
      this.reader = reader;
      this.stream = stream;
      this.ended = limits.tokens() == 0;
    }

    boolean goesOn() {
      return !ended;
    }

    void end(Reason why) {
      reason = why;
      ended = true;
    }

    void add(int token) {
      if (limits.ends().contains(token)) {
        end(Reason.END);
        return;
      }
      tokens.add(token);
      append(stream.next(token));
      if (!ended && tokens.size() == limits.tokens()) {
        end(Reason.TOKENS);
      }
    }

    private void append(String characters) {
      text.append(characters);
      int stop = firstStop();
      if (stop >= 0) {
        text.setLength(stop);
        end(Reason.STOP);
      }
      show(ended ? text.length() : text.length() - waiting());
    }

    private int firstStop() {
      return limits.stops().stream()
          .mapToInt(stop -> text.indexOf(stop, Math.max(0, shown - stop.length())))
          .filter(at -> at >= 0)
          .min()
          .orElse(-1);
    }

    /// Length of the longest end of the text that a stop string begins with.
    private int waiting() {
      int longest = 0;
      for (String stop : limits.stops()) {
        for (int length = Math.min(stop.length() - 1, text.length()); length > longest; length--) {
          if (stop.startsWith(text.substring(text.length() - length))) {
            longest = length;
          }
        }
      }
      return longest;
    }

    private void show(int to) {
      if (to > shown) {
        String characters = text.substring(shown, to);
        shown = to;
        if (!reader.read(characters) && !ended) {
          end(Reason.CANCELLED);
        }
      }
    }

    Result result(Duration prompt, Duration writing) {
      if (reason != Reason.STOP) {
        text.append(stream.end());
      }
      show(text.length());
      return new Result(tokens, text.toString(), reason, prompt, writing);
    }
  }
}
