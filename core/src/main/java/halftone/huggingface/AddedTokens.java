package halftone.huggingface;

import halftone.huggingface.Pieces.Piece;
import java.util.LinkedHashMap;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/// Tokens that a tokenizer takes out of a text before anything else: those of the conversation, and
/// whatever its user added.
///
/// @param tokens by id
record AddedTokens(SequencedMap<Integer, Token> tokens) {
  /// Texts that mark control tokens though their file does not say so.
  private static final Pattern LOOKS_SPECIAL =
      Pattern.compile(
          "<\\|.*\\|>|<\uFF5C.*\uFF5C>|<unused.*>|<pad>|<mask>|<2mass>|\\[@BOS@\\]",
          Pattern.DOTALL);

  private static final float SCORE = -1000;

  /// @param special whether decoding leaves the token out
  record Token(String text, boolean special) {}

  /// Gathers them from the three places where they may stand.
  ///
  /// @param tokenizer `tokenizer.json`
  /// @param config `tokenizer_config.json`
  /// @param added `added_tokens.json`
  static AddedTokens of(JsonObject tokenizer, JsonObject config, JsonObject added) {
    SequencedMap<Integer, Token> tokens = new LinkedHashMap<>();
    for (String text : added.values().keySet()) {
      tokens.put(added.requireInt(text), new Token(text, false));
    }
    for (JsonObject token : tokenizer.objects("added_tokens")) {
      tokens.put(token.requireInt("id"), token(token));
    }
    config.object("added_tokens_decoder").ifPresent(decoder -> addDecoded(tokens, decoder));
    return new AddedTokens(tokens);
  }

  private static void addDecoded(SequencedMap<Integer, Token> tokens, JsonObject decoder) {
    for (String id : decoder.values().keySet()) {
      if (!id.matches("[0-9]{1,9}")) {
        throw decoder.malformed(id, "'" + id + "'", "it must be an id");
      }
      decoder.object(id).ifPresent(token -> tokens.put(Integer.valueOf(id), token(token)));
    }
  }

  private static Token token(JsonObject token) {
    return new Token(token.requireText("content"), token.flagOr("special", false));
  }

  /// The id of a text.
  OptionalInt find(String text) {
    return tokens.entrySet().stream()
        .filter(entry -> entry.getValue().text().equals(text))
        .mapToInt(java.util.Map.Entry::getKey)
        .findFirst();
  }

  /// Writes them over the pieces that have their ids. What is known as the unknown token stays
  /// that.
  void into(Pieces pieces) {
    tokens.forEach(
        (id, token) -> {
          Piece before = pieces.get(id);
          if (before == null || before.type() != Pieces.UNKNOWN) {
            pieces.put(id, piece(token));
          }
        });
  }

  private static Piece piece(Token token) {
    boolean control = token.special() || LOOKS_SPECIAL.matcher(token.text()).matches();
    return control
        ? new Piece(token.text(), SCORE, Pieces.CONTROL)
        : new Piece(token.text().replace('\u2581', ' '), SCORE, Pieces.USER_DEFINED);
  }
}
