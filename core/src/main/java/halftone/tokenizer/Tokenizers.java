package halftone.tokenizer;

import halftone.model.Metadata;
import halftone.model.UnsupportedModelException;

/// Builds a model's tokenizer from its GGUF metadata.
public final class Tokenizers {
  static final String MODEL = "tokenizer.ggml.model";

  private Tokenizers() {}

  /// The tokenizer that a model's metadata describe.
  ///
  /// @throws UnsupportedModelException for a kind of tokenizer that is not supported; names the key
  ///   and what is
  /// @throws halftone.model.MalformedFileException when a key is missing, has the wrong type or
  ///   contradicts another
  public static Tokenizer of(Metadata metadata) {
    String model = metadata.requireText(MODEL);
    if (!model.equals("gpt2")) {
      throw new UnsupportedModelException(
          "%s: %s: found \"%s\"; supported is \"gpt2\" (byte-level BPE)"
              .formatted(metadata.source(), MODEL, model));
    }
    return ByteLevelBpe.of(metadata);
  }
}
