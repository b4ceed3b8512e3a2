package halftone.tokenizer;

import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// SentencePiece's byte-pair encoding, as Llama 2, Mistral, Gemma and Phi-3 use it: spaces become
/// "▁", then the neighbours that form the piece of highest score merge, over the whole text. A
/// character that is in no piece becomes its bytes, `<0xE2>` and so on.
///
/// The text behind a special token, and at the start, gets a space in front unless
/// `tokenizer.ggml.add_space_prefix` says otherwise; [#decode] takes it away again.
///
/// Source: Kudo and Richardson, "SentencePiece", 2018; the details are llama.cpp's.
public final class SentencePiece extends PieceTokenizer {
  private static final String ADD_SPACE = "tokenizer.ggml.add_space_prefix";

  private final ScoredPieces pieces;
  private final SpecialTokens specials;
  private final int[] byteTokens;
  private final boolean addsSpace;
  private final int unknown;

  private SentencePiece(Metadata metadata, Vocabulary vocabulary) {
    PieceBytes bytes = PieceBytes.withVisibleSpaces(vocabulary);
    super(bytes, SequenceEnds.of(metadata, bytes.size(), 1, true));
    pieces = ScoredPieces.of(metadata, vocabulary);
    specials = vocabulary.specialTokens();
    byteTokens = byteTokens(vocabulary);
    addsSpace = metadata.flagOr(ADD_SPACE, true);
    unknown = metadata.intOr(UNKNOWN, 0);
    SequenceEnds.requireToken(metadata, UNKNOWN, unknown, bytes.size());
  }

  /// Reads `tokenizer.ggml.*`.
  ///
  /// @throws MalformedFileException when a key is missing, has the wrong type or contradicts
  ///   another
  public static SentencePiece of(Metadata metadata) {
    return new SentencePiece(metadata, Vocabulary.of(metadata));
  }

  /// Id of the token for each byte, or −1.
  private static int[] byteTokens(Vocabulary vocabulary) {
    int[] tokens = new int[256];
    Arrays.setAll(
        tokens,
        value -> {
          int ascii = value < 128 ? vocabulary.id(String.valueOf((char) value)) : -1;
          int named = vocabulary.id("<0x%02X>".formatted(value));
          return named >= 0 ? named : ascii;
        });
    return tokens;
  }

  @Override
  public int[] encode(String text, boolean special) {
    TokenList ids = new TokenList(text.length() / 3 + 16);
    boolean afterSpecial = true;
    for (SpecialTokens.Part part : specials.parts(text, special)) {
      switch (part) {
        case SpecialTokens.Part.Found(int id) -> ids.add(id);
        case SpecialTokens.Part.Plain(String plain) ->
            addPieces(addsSpace && afterSpecial ? " " + plain : plain, ids);
      }
      afterSpecial = part instanceof SpecialTokens.Part.Found;
    }
    return ids.toArray();
  }

  private void addPieces(String text, TokenList ids) {
    for (String symbol : ScoreMerger.cut(pieces, text.replace(' ', '▁'))) {
      Integer id = pieces.ids().get(symbol);
      if (id != null) {
        ids.add(id);
      } else {
        for (byte value : symbol.getBytes(StandardCharsets.UTF_8)) {
          int token = byteTokens[value & 0xFF];
          ids.add(token >= 0 ? token : unknown);
        }
      }
    }
  }

  /// The space that [#encode] puts in front of a text is taken away; the one behind a special token
  /// stays, as in llama.cpp.
  @Override
  public byte[] decode(int[] ids) {
    byte[] joined = super.decode(ids);
    boolean space = addsSpace && ids.length > 0 && startsWithSpace(ids[0]);
    return space ? Arrays.copyOfRange(joined, 1, joined.length) : joined;
  }

  @Override
  public String toString() {
    return "SentencePiece, %d tokens".formatted(vocabularySize());
  }
}
