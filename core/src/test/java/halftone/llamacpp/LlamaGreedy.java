package halftone.llamacpp;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Text that llama.cpp writes when it always takes the likeliest token.
public final class LlamaGreedy {
  private LlamaGreedy() {}

  /// A token that llama.cpp took because its logit was largest.
  ///
  /// @param margin by how much
  public record Choice(int token, double margin) {}

  /// What it writes behind a prompt when it always takes the likeliest token, one `llama_decode`
  /// for each.
  public static List<Choice> write(LlamaModel model, int[] prompt, int count) {
    model.forget();
    MemorySegment row = model.read(prompt);
    List<Choice> choices = new ArrayList<>();
    while (choices.size() < count) {
      choices.add(largest(row));
      row = model.read(new int[] {choices.getLast().token()});
    }
    return choices;
  }

  private static Choice largest(MemorySegment row) {
    long vocabularySize = row.byteSize() / Float.BYTES;
    int first = 0;
    for (int id = 1; id < vocabularySize; id++) {
      first = row.getAtIndex(JAVA_FLOAT, id) > row.getAtIndex(JAVA_FLOAT, first) ? id : first;
    }
    double margin = Double.POSITIVE_INFINITY;
    for (int id = 0; id < vocabularySize; id++) {
      if (id != first) {
        margin =
            Math.min(margin, row.getAtIndex(JAVA_FLOAT, first) - row.getAtIndex(JAVA_FLOAT, id));
      }
    }
    return new Choice(first, margin);
  }
}
