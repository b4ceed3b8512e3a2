package halftone.tokenizer;

import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import halftone.model.UnsupportedModelException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Byte-level byte-pair encoding, as GPT-2 introduced it and most models since use it: the text is
/// cut at special tokens, then into words, and the bytes of each word are merged by rank.
///
/// A byte without a token (SmolLM2 leaves out 21 that its training text did not have) becomes the
/// unknown token where the file names one. There llama.cpp drops the byte; nothing is dropped here.
public final class ByteLevelBpe implements Tokenizer {
  private static final String PRE = "tokenizer.ggml.pre";
  private static final String BOS = "tokenizer.ggml.bos_token_id";
  private static final String ADD_BOS = "tokenizer.ggml.add_bos_token";
  private static final String ADD_EOS = "tokenizer.ggml.add_eos_token";
  private static final String UNKNOWN = "tokenizer.ggml.unknown_token_id";

  /// What llama.cpp takes for this kind of tokenizer when the file names no token.
  private static final int DEFAULT_BOS = 11;

  private final PreTokenizer preTokenizer;
  private final Map<String, Integer> wholeWords;
  private final MergeTable merges;
  private final SpecialTokens specials;
  private final int[] byteTokens;
  private final byte[][] bytes;
  private final int bos;
  private final boolean addsBos;
  private final int unknown;

  private ByteLevelBpe(Metadata metadata, PreTokenizer preTokenizer, Vocabulary vocabulary) {
    this.preTokenizer = preTokenizer;
    wholeWords = preTokenizer.wholeWordsFirst() ? vocabulary.ids() : Map.of();
    merges = vocabulary.mergeTable();
    specials = vocabulary.specialTokens();
    byteTokens = vocabulary.byteTokens();
    bytes = vocabulary.bytes();
    bos = metadata.intOr(BOS, DEFAULT_BOS);
    addsBos = metadata.flagOr(ADD_BOS, preTokenizer.addsBos());
    unknown = metadata.has(UNKNOWN) ? metadata.requireInt(UNKNOWN) : -1;
  }

  /// Reads `tokenizer.ggml.*`.
  ///
  /// @throws UnsupportedModelException for an unknown pre-tokenizer, or a model that ends every
  ///   text by itself
  /// @throws MalformedFileException when a key is missing, has the wrong type or contradicts
  ///   another
  public static ByteLevelBpe of(Metadata metadata) {
    String pre = metadata.text(PRE).orElse("default");
    PreTokenizer preTokenizer =
        PreTokenizers.named(pre)
            .orElseThrow(
                () -> unsupported(metadata, PRE, pre, String.join(", ", PreTokenizers.names())));
    if (metadata.flagOr(ADD_EOS, false)) {
      throw unsupported(metadata, ADD_EOS, "true", "false: text is scored without an end token");
    }
    ByteLevelBpe made = new ByteLevelBpe(metadata, preTokenizer, Vocabulary.of(metadata));
    made.requireTokens(metadata);
    return made;
  }

  private static UnsupportedModelException unsupported(
      Metadata metadata, String key, String found, String supported) {
    return new UnsupportedModelException(
        "%s: %s: found \"%s\"; supported: %s".formatted(metadata.source(), key, found, supported));
  }

  private void requireTokens(Metadata metadata) {
    String remedy = "the vocabulary has " + bytes.length + " tokens";
    if (addsBos && bos >= bytes.length) {
      throw new MalformedFileException(metadata.source(), BOS, String.valueOf(bos), remedy);
    }
    if (unknown >= bytes.length) {
      throw new MalformedFileException(metadata.source(), UNKNOWN, String.valueOf(unknown), remedy);
    }
  }

  @Override
  public int[] encode(String text, boolean special) {
    IntList ids = new IntList(text.length() / 3 + 16);
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
  public byte[] decode(int[] ids) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(ids.length * 4);
    for (int id : ids) {
      if (id < 0 || id >= bytes.length) {
        throw new IllegalArgumentException(
            "token " + id + " is not in the vocabulary of " + bytes.length);
      }
      out.writeBytes(bytes[id]);
    }
    return out.toByteArray();
  }

  @Override
  public int bos() {
    return bos;
  }

  @Override
  public boolean addsBos() {
    return addsBos;
  }

  @Override
  public int vocabularySize() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return "byte-level BPE (%s), %d tokens"
        .formatted(preTokenizer.names().getFirst(), bytes.length);
  }

  /// A growing array of token ids.
  private static final class IntList {
    private int[] values;
    private int size;

    IntList(int capacity) {
      values = new int[capacity];
    }

    void add(int value) {
      reserve(1);
      values[size++] = value;
    }

    void addAll(int[] more) {
      reserve(more.length);
      System.arraycopy(more, 0, values, size, more.length);
      size += more.length;
    }

    private void reserve(int more) {
      if (size + more > values.length) {
        values = Arrays.copyOf(values, Math.max(values.length * 2, size + more));
      }
    }

    int[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
