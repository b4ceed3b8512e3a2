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
    return switch (model) {
      case "gpt2" -> ByteLevelBpe.of(metadata);
      case "llama" -> SentencePiece.of(metadata);
      case "bert" -> WordPiece.of(metadata);
      default ->
          throw new UnsupportedModelException(
              "%s: %s: found \"%s\"; supported: gpt2 (byte-level BPE), llama (SentencePiece), bert (WordPiece)"
                  .formatted(metadata.source(), MODEL, model));
    };
  }
}
