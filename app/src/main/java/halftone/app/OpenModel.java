package halftone.app;

import halftone.huggingface.ModelSources;
import halftone.model.Architectures;
import halftone.model.Metadata;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.ModelSource;
import halftone.model.UnsupportedModelException;
import halftone.tokenizer.Tokenizer;
import halftone.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A model whose file or folder is open.
record OpenModel(ModelSource file, Model model) implements AutoCloseable {
  private static final String TOKENS = "tokenizer.ggml.tokens";

  static OpenModel open(Path path, @Nullable String preTokenizer) throws IOException {
    ModelSource file = ModelSources.open(InputFile.requireModel(path), preTokenizer);
    try {
      return new OpenModel(file, ModelReader.read(file));
    } catch (RuntimeException failure) {
      file.close();
      throw failure;
    }
  }

  /// A model that can be run.
  ///
  /// @throws UnsupportedModelException saying why, when it cannot
  static OpenModel openToRun(Path path, @Nullable String preTokenizer) throws IOException {
    OpenModel open = open(path, preTokenizer);
    Architectures.obstacle(open.model)
        .ifPresent(
            reason -> {
              open.close();
              throw new UnsupportedModelException(path + ": " + reason);
            });
    return open;
  }

  Tokenizer tokenizer() {
    return Tokenizers.of(file.keys());
  }

  /// @throws IllegalArgumentException when the other model has other tokens: their probabilities
  // cannot be compared
  void requireVocabularyOf(OpenModel other) {
    Metadata mine = file.keys();
    Metadata theirs = other.file.keys();
    List<String> tokens = mine.texts(TOKENS);
    List<String> wanted = theirs.texts(TOKENS);
    if (tokens.size() != wanted.size()) {
      throw mismatch(other, "%d tokens instead of %d".formatted(tokens.size(), wanted.size()));
    }
    for (int id = 0; id < tokens.size(); id++) {
      if (!tokens.get(id).equals(wanted.get(id))) {
        throw mismatch(
            other,
            "token %d is '%s' instead of '%s'".formatted(id, tokens.get(id), wanted.get(id)));
      }
    }
  }

  private IllegalArgumentException mismatch(OpenModel other, String how) {
    return new IllegalArgumentException(
        "%s: %s: the vocabulary is not that of %s: %s; give the model it was made from"
            .formatted(file.path(), TOKENS, other.file.path(), how));
  }

  @Override
  public void close() {
    file.close();
  }
}
