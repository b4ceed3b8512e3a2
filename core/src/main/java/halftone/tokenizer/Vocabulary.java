package halftone.tokenizer;

import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// The pieces of a vocabulary as a file lists them: id to text, text to id, kinds and merges.
///
/// @param pieces text of every id: in the byte alphabet for byte-level BPE, with "▁" for a space
///   otherwise
/// @param types kind of every id, corrected by [ControlNames]: 1 normal, 2 unknown, 3 control, 4
///   user-defined, 5 unused, 6 byte
/// @param stripping whether white space behind most special tokens goes with them: Phi-3's habit,
///   which no key tells
record Vocabulary(
    String source,
    List<String> pieces,
    int[] types,
    Map<String, Integer> ids,
    List<String> merges,
    boolean stripping) {
  static final String TOKENS = "tokenizer.ggml.tokens";
  static final String TYPES = "tokenizer.ggml.token_type";
  static final String MERGES = "tokenizer.ggml.merges";
  static final int NORMAL = 1;
  static final int UNKNOWN = 2;
  static final int CONTROL = 3;
  static final int USER_DEFINED = 4;
  static final int BYTE = 6;
  private static final Pattern BYTE_PIECE = Pattern.compile("<0x[0-9A-Fa-f]{2}>");
  private static final String NAME = "general.name";

  /// The special tokens of Phi-3 that leave white space alone.
  private static final Set<String> KEEPING = Set.of("<unk>", "<s>", "<|endoftext|>");

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
    return new Vocabulary(
        metadata.source(),
        pieces,
        corrected(metadata, pieces, types),
        ids,
        metadata.texts(MERGES),
        isPhi3(metadata));
  }

  private static int[] corrected(Metadata metadata, List<String> pieces, int[] types) {
    int[] corrected = new int[pieces.size()];
    for (int id = 0; id < corrected.length; id++) {
      String piece = pieces.get(id);
      corrected[id] = types.length == 0 ? NORMAL : types[id];
      if (ControlNames.contains(metadata, piece)) {
        corrected[id] = CONTROL;
      } else if (ControlNames.VISIBLE.contains(piece)) {
        corrected[id] = USER_DEFINED;
      }
    }
    return corrected;
  }

  private static boolean isPhi3(Metadata metadata) {
    String name = metadata.text(NAME).orElse("").toLowerCase(Locale.ROOT);
    return name.contains("phi-3") || name.contains("phi3");
  }

  /// Characters of the longest piece.
  int longest() {
    return pieces.stream().mapToInt(String::length).max().orElse(0);
  }

  /// Id of a piece, or −1.
  int id(String piece) {
    return ids.getOrDefault(piece, -1);
  }

  /// The byte that a piece such as `<0x0A>` stands for.
  ///
  /// @throws MalformedFileException when the piece is none of those
  int byteValue(int id) {
    String piece = pieces.get(id);
    if (!BYTE_PIECE.matcher(piece).matches()) {
      throw new MalformedFileException(
          source, TOKENS + "[" + id + "]", "\"" + piece + "\"", "a byte is written <0x0A>");
    }
    return HexFormat.fromHexDigits(piece, 3, 5);
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
        String piece = pieces.get(id);
        boolean strips = stripping && !KEEPING.contains(piece);
        specials.add(new SpecialTokens.Special(piece, id, types[id] != USER_DEFINED, strips));
      }
    }
    return new SpecialTokens(specials);
  }

  /// The bytes that each id of a byte-level vocabulary stands for. Special tokens are plain text,
  /// the others the byte alphabet.
  PieceBytes bytes() {
    byte[][] bytes = new byte[pieces.size()][];
    for (int id = 0; id < bytes.length; id++) {
      String piece = pieces.get(id);
      bytes[id] =
          isSpecial(id) ? piece.getBytes(StandardCharsets.UTF_8) : ByteAlphabet.bytes(piece);
    }
    return new PieceBytes(bytes);
  }

  private boolean isSpecial(int id) {
    return types[id] == UNKNOWN || types[id] == CONTROL || types[id] == USER_DEFINED;
  }
}
