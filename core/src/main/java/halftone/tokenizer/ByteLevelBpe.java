package halftone.tokenizer;

import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import halftone.model.UnsupportedModelException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Byte-level byte-pair encoding, as GPT-2 introduced it and most models since use it: the text is
/// cut at special tokens, then into words, and the bytes of each word are merged by rank.
///
/// A byte without a token (SmolLM2 leaves out 21 that its training text did not have) becomes the
/// unknown token where the file names one. There llama.cpp drops the byte; nothing is dropped here.
public final class ByteLevelBpe extends PieceTokenizer {
  private static final String PRE = "tokenizer.ggml.pre";

  /// What llama.cpp takes for this kind of tokenizer when the file names no token.
  private static final int DEFAULT_BOS = 11;

  private final PreTokenizer preTokenizer;
  private final Map<String, Integer> wholeWords;
  private final MergeTable merges;
  private final SpecialTokens specials;
  private final int[] byteTokens;
  private final int unknown;

  private ByteLevelBpe(Metadata metadata, PreTokenizer preTokenizer, Vocabulary vocabulary) {
    PieceBytes bytes = vocabulary.bytes();
    super(bytes, SequenceEnds.of(metadata, bytes.size(), DEFAULT_BOS, preTokenizer.addsBos()));
    this.preTokenizer = preTokenizer;
    wholeWords = preTokenizer.wholeWordsFirst() ? vocabulary.ids() : Map.of();
    merges = vocabulary.mergeTable();
    specials = vocabulary.specialTokens();
    byteTokens = vocabulary.byteTokens();
    unknown = metadata.has(UNKNOWN) ? metadata.requireInt(UNKNOWN) : -1;
    SequenceEnds.requireToken(metadata, UNKNOWN, unknown, bytes.size());
  }

  /// Reads `tokenizer.ggml.*`.
  ///
  /// @throws UnsupportedModelException for an unknown pre-tokenizer
  /// @throws MalformedFileException when a key is missing, has the wrong type or contradicts
  ///   another
  public static ByteLevelBpe of(Metadata metadata) {
    String pre = metadata.text(PRE).orElse("default");
    PreTokenizer preTokenizer =
        PreTokenizers.named(pre)
            .orElseThrow(
                () -> unsupported(metadata, PRE, pre, String.join(", ", PreTokenizers.names())));
    return new ByteLevelBpe(metadata, preTokenizer, Vocabulary.of(metadata));
  }

  private static UnsupportedModelException unsupported(
      Metadata metadata, String key, String found, String supported) {
    return new UnsupportedModelException(
        "%s: %s: found \"%s\"; supported: %s".formatted(metadata.source(), key, found, supported));
  }

  @Override
  public int[] encode(String text, boolean special) {
    TokenList ids = new TokenList(text.length() / 3 + 16);
    Map<String, int[]> known = new HashMap<>();
    for (SpecialTokens.Part part : specials.parts(text, special)) {
      switch (part) {
        case SpecialTokens.Part.Found(int id) -> ids.add(id);
        case SpecialTokens.Part.Plain(String plain) -> {
          for (String word : preTokenizer.words(plain)) {
            ids.addAll(known.computeIfAbsent(word, this::wordTokens));
          }
        }
      }
    }
    return ids.toArray();
  }

  private int[] wordTokens(String word) {
    byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
    @Nullable Integer whole = wholeWords.isEmpty() ? null : wholeWords.get(spelled(utf8));
    if (whole != null) {
      return new int[] {whole};
    }
    int[] ids = new int[utf8.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = byteToken(utf8[i] & 0xFF, word);
    }
    return WordMerger.merge(merges, ids);
  }

  private int byteToken(int value, String word) {
    int id = byteTokens[value] >= 0 ? byteTokens[value] : unknown;
    if (id < 0) {
      throw new IllegalArgumentException(
          "the vocabulary has no token for byte 0x%02X, in \"%s\"; take this out of the text"
              .formatted(value, word));
    }
    return id;
  }

  private static String spelled(byte[] utf8) {
    char[] characters = new char[utf8.length];
    for (int i = 0; i < characters.length; i++) {
      characters[i] = ByteAlphabet.character(utf8[i] & 0xFF);
    }
    return new String(characters);
  }

  @Override
  public String toString() {
    return "byte-level BPE (%s), %d tokens"
        .formatted(preTokenizer.names().getFirst(), vocabularySize());
  }
}
