package halftone.tokenizer;

import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The pieces of a byte-level vocabulary as a file lists them: id to text, text to id, kinds and
/// merges.
///
/// @param pieces text of every id, in the byte alphabet
/// @param types kind of every id: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte
record Vocabulary(
    String source,
    List<String> pieces,
    int[] types,
    Map<String, Integer> ids,
    List<String> merges) {
  static final String TOKENS = "tokenizer.ggml.tokens";
  static final String TYPES = "tokenizer.ggml.token_type";
  static final String MERGES = "tokenizer.ggml.merges";
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  static Vocabulary of(Metadata metadata) {
    List<String> pieces = List.copyOf(metadata.texts(TOKENS));
    int[] types = metadata.ints(TYPES);
    if (pieces.isEmpty()) {
      throw new MalformedFileException(
          metadata.source(), TOKENS, "no tokens", "convert the model again with its vocabulary");
    }
    if (types.length != 0 && types.length != pieces.size()) {
      throw new MalformedFileException(
          metadata.source(),
          TYPES,
          types.length + " types",
          "there are " + pieces.size() + " tokens");
    }
    Map<String, Integer> ids = HashMap.newHashMap(pieces.size());
    for (int id = 0; id < pieces.size(); id++) {
      ids.put(pieces.get(id), id);
    }
    return new Vocabulary(metadata.source(), pieces, types, ids, metadata.texts(MERGES));
  }

  /// The merges by pairs of ids.
  ///
  /// @throws MalformedFileException when one is not two pieces of the vocabulary that join to a
  ///   third
  MergeTable mergeTable() {
    if (merges.isEmpty()) {
      throw new MalformedFileException(
          source, MERGES, "no merges", "byte-level BPE needs them; convert the model again");
    }
    MergeTable table = new MergeTable(merges.size());
    int rank = 0;
    for (String merge : merges) {
      // A piece has at least one character, so that the separator is never the first.
      int space = merge.indexOf(' ', 1);
      Integer left = space < 0 ? null : ids.get(merge.substring(0, space));
      Integer right = space < 0 ? null : ids.get(merge.substring(space + 1));
      Integer result =
          space < 0 ? null : ids.get(merge.substring(0, space) + merge.substring(space + 1));
      if (left == null || right == null || result == null) {
        throw new MalformedFileException(
            source,
            MERGES + "[" + rank + "]",
            "\"" + merge + "\"",
            "it must be two tokens of the vocabulary that join to a third");
      }
      table.add(left, right, rank++, result);
    }
    return table;
  }

  /// Id of the token for each byte, or −1: some vocabularies leave out bytes that never occur in
  /// UTF-8.
  int[] byteTokens() {
    int[] tokens = new int[256];
    for (int value = 0; value < tokens.length; value++) {
      tokens[value] = ids.getOrDefault(String.valueOf(ByteAlphabet.character(value)), -1);
    }
    return tokens;
  }

  SpecialTokens specialTokens() {
    List<SpecialTokens.Special> specials = new ArrayList<>();
    for (int id = 0; id < types.length; id++) {
      if (isSpecial(id)) {
        specials.add(new SpecialTokens.Special(pieces.get(id), id, types[id] != USER_DEFINED));
      }
    }
    return new SpecialTokens(specials);
  }

  /// The bytes that each id stands for. Special tokens are plain text, the others the byte
  /// alphabet.
  byte[][] bytes() {
    byte[][] bytes = new byte[pieces.size()][];
    for (int id = 0; id < bytes.length; id++) {
      String piece = pieces.get(id);
      bytes[id] =
          isSpecial(id) ? piece.getBytes(StandardCharsets.UTF_8) : ByteAlphabet.bytes(piece);
    }
    return bytes;
  }

  private boolean isSpecial(int id) {
    return types.length != 0
        && (types[id] == UNKNOWN || types[id] == CONTROL || types[id] == USER_DEFINED);
  }
}
