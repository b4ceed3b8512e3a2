package halftone.tokenizer;

/// What every vocabulary of pieces does alike: ids back to bytes, and the tokens around a sequence.
abstract sealed class PieceTokenizer implements Tokenizer
    permits ByteLevelBpe, SentencePiece, WordPiece {
  static final String UNKNOWN = "tokenizer.ggml.unknown_token_id";

  private final PieceBytes bytes;
  private final SequenceEnds ends;

  PieceTokenizer(PieceBytes bytes, SequenceEnds ends) {
    this.bytes = bytes;
    this.ends = ends;
  }

  @Override
  public final int[] encodeFile(String text) {
    return ends.around(encode(text, false));
  }

  @Override
  public byte[] decode(int[] ids) {
    return bytes.join(ids);
  }

  @Override
  public final int bos() {
    return ends.bos();
  }

  @Override
  public final boolean addsBos() {
    return ends.begins();
  }

  @Override
  public final int vocabularySize() {
    return bytes.size();
  }

  final boolean startsWithSpace(int id) {
    return bytes.startsWithSpace(id);
  }
}
