package halftone.app;

import halftone.chat.ChatTemplate;
import halftone.chat.Message;
import halftone.runtime.Generation;
import halftone.runtime.Sampler;
import halftone.runtime.Session;
import halftone.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A model that writes: one text, or the answers of a conversation.
final class Author {
  private static final int TEXT = 0;

  private final Session session;
  private final Tokenizer tokenizer;
  private final Sampler sampler;
  private final Generation.Limits limits;
  private final Generation.Reader reader;

  /// What the session was given, as far as it has read it.
  private int[] given = {};

  Author(
      Session session,
      Tokenizer tokenizer,
      Sampler sampler,
      Generation.Limits limits,
      Generation.Reader reader) {
    this.session = session;
    this.tokenizer = tokenizer;
    this.sampler = sampler;
    this.limits = limits;
    this.reader = reader;
  }

  /// What was read and written.
  ///
  /// @param prompt tokens of all that stood before the text
  /// @param read those of them that were not known from an earlier turn
  record Work(int prompt, int read, Generation.Result result) {
    /// Tokens of the prompt a second.
    double readingSpeed() {
      return read / (result.prompt().toNanos() / 1e9);
    }
  }

  /// Goes on behind a prompt.
  Work write(String prompt) {
    return write(begun(tokenizer.encode(prompt, true)));
  }

  /// Answers the last message.
  Work answer(ChatTemplate template, List<Message> messages) {
    return write(begun(tokenizer.encode(template.render(messages, true), true)));
  }

  /// Many templates write the beginning token themselves.
  private int[] begun(int[] ids) {
    boolean missing = ids.length == 0 || tokenizer.addsBos() && ids[0] != tokenizer.bos();
    if (!missing) {
      return ids;
    }
    return IntStream.concat(IntStream.of(tokenizer.bos()), Arrays.stream(ids)).toArray();
  }

  /// Reads only what is new, unless an answer is spelled with other tokens than it was written in.
  private Work write(int[] prompt) {
    int known = session.length(TEXT);
    if (known >= prompt.length || !Arrays.equals(given, 0, known, prompt, 0, known)) {
      session.forget(TEXT);
      known = 0;
    }
    int[] fresh = Arrays.copyOfRange(prompt, known, prompt.length);
    Generation.Result result =
        new Generation(session, tokenizer).write(TEXT, fresh, sampler, limits, reader);
    given =
        IntStream.concat(
                Arrays.stream(prompt), result.tokens().stream().mapToInt(Integer::intValue))
            .toArray();
    return new Work(prompt.length, fresh.length, result);
  }
}
