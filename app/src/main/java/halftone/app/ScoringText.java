package halftone.app;

import halftone.evaluation.ScoredText;
import halftone.text.Section;
import halftone.text.Text;
import halftone.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// The text of an evaluation, tokenised and cut as llama.cpp's perplexity does.
///
/// @param tokens of all its chunks, before any beginning-of-text token is put in
record ScoringText(String name, int[] tokens, ScoredText scored) {
  /// @param chunks how many to take, or 0 for all
  /// @throws IllegalArgumentException when the text does not fill them
  static ScoringText read(String source, Tokenizer tokenizer, int context, int chunks)
      throws IOException {
    Text text = InputFile.text(source);
    String whole = text.sections().stream().map(Section::text).collect(Collectors.joining());
    int[] ids = tokenizer.encodeFile(whole);
    int available = context < 1 ? 0 : ids.length / context;
    int needed = Math.max(2, chunks);
    if (available < needed) {
      throw new IllegalArgumentException(
          "%s: too little text: its %,d tokens fill %d chunks of %d, and %d are needed; give more text or shorter chunks"
              .formatted(source, ids.length, available, context, needed));
    }
    int taken = chunks == 0 ? available : chunks;
    ScoredText scored = ScoredText.cut(ids, context, taken, beginning(tokenizer));
    return new ScoringText(
        text.name(), java.util.Arrays.copyOf(ids, scored.chunks() * context), scored);
  }

  /// What replaces the first token of every chunk.
  static OptionalInt beginning(Tokenizer tokenizer) {
    return tokenizer.addsBos() ? OptionalInt.of(tokenizer.bos()) : OptionalInt.empty();
  }
}
