package halftone.huggingface;

import halftone.model.GgufType;
import halftone.model.GgufValue;
import halftone.model.MalformedFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A vocabulary while it is gathered: the piece of every id, its score and its type.
final class Pieces {
  /// Types as GGUF and SentencePiece number them.
  static final int NORMAL = 1;

  static final int UNKNOWN = 2;
  static final int CONTROL = 3;
  static final int USER_DEFINED = 4;
  static final int UNUSED = 5;
  static final int BYTE = 6;

  /// The score of pieces that no merge makes; as llama.cpp's converter writes it.
  private static final float UNUSED_SCORE = -10_000;

  private static final int MOST = 10_000_000;

  private final String file;
  private final List<@Nullable Piece> pieces = new ArrayList<>();

  record Piece(String text, float score, int type) {}

  /// @param file where the vocabulary stands, for messages
  Pieces(String file) {
    this.file = file;
  }

  int size() {
    return pieces.size();
  }

  @Nullable Piece get(int id) {
    return id < pieces.size() ? pieces.get(id) : null;
  }

  void put(long id, Piece piece) {
    if (id < 0 || id > MOST) {
      throw new MalformedFileException(
          file, "id of '" + piece.text() + "'", "" + id, "ids count from 0");
    }
    while (pieces.size() <= id) {
      pieces.add(null);
    }
    pieces.set((int) id, piece);
  }

  /// The id of a text.
  OptionalInt find(String text) {
    for (int id = 0; id < pieces.size(); id++) {
      Piece piece = pieces.get(id);
      if (piece != null && piece.text().equals(text)) {
        return OptionalInt.of(id);
      }
    }
    return OptionalInt.empty();
  }

  /// Gives every id a piece: those that have none are called `[PAD17]` and never used.
  ///
  /// @throws MalformedFileException when there are more pieces already
  void fill(int size) {
    if (pieces.size() > size) {
      String found = pieces.size() + " pieces for an embedding of " + size + " rows";
      throw new MalformedFileException(
          file, "vocabulary", found, "tokenizer and weights do not belong together");
    }
    for (int id = 0; id < size; id++) {
      if (get(id) == null) {
        put(id, new Piece("[PAD" + id + "]", UNUSED_SCORE, UNUSED));
      }
    }
  }

  GgufValue texts() {
    return array(GgufType.STRING, piece -> new GgufValue.Text(piece.text()));
  }

  GgufValue types() {
    return array(GgufType.INT32, piece -> new GgufValue.I32(piece.type()));
  }

  GgufValue scores() {
    return array(GgufType.FLOAT32, piece -> new GgufValue.F32(piece.score()));
  }

  private interface Part {
    GgufValue of(Piece piece);
  }

  private GgufValue array(GgufType type, Part part) {
    List<GgufValue> elements = new ArrayList<>(pieces.size());
    for (@Nullable Piece piece : pieces) {
      elements.add(part.of(java.util.Objects.requireNonNull(piece)));
    }
    return new GgufValue.Array(type.id(), List.copyOf(elements));
  }
}
