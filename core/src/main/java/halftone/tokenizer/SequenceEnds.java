package halftone.tokenizer;

import halftone.model.MalformedFileException;
import halftone.model.Metadata;

/// The tokens that a model wants around a whole text.
///
/// @param begins whether `bos` stands in front of it
/// @param ends whether `end` stands behind it
record SequenceEnds(int bos, boolean begins, int end, boolean ends) {
  static final String BOS = "tokenizer.ggml.bos_token_id";
  static final String EOS = "tokenizer.ggml.eos_token_id";
  static final String SEPARATOR = "tokenizer.ggml.seperator_token_id";
  private static final String ADD_BOS = "tokenizer.ggml.add_bos_token";
  private static final String ADD_EOS = "tokenizer.ggml.add_eos_token";

  /// As the file says; where it is silent, what llama.cpp takes for this kind of tokenizer.
  static SequenceEnds of(Metadata metadata, int size, int defaultBos, boolean defaultBegins) {
    int bos = metadata.intOr(BOS, defaultBos);
    boolean begins = metadata.flagOr(ADD_BOS, defaultBegins);
    boolean ends = metadata.flagOr(ADD_EOS, false);
    int eos = ends ? metadata.requireInt(EOS) : 0;
    return new SequenceEnds(bos, begins, eos, ends).checked(metadata, size, EOS);
  }

  /// BERT's: the class token in front and a separator behind, whatever the file says of adding.
  static SequenceEnds ofBert(Metadata metadata, int size) {
    int separator = metadata.intOr(SEPARATOR, 102);
    return new SequenceEnds(metadata.intOr(BOS, 101), true, separator, true)
        .checked(metadata, size, SEPARATOR);
  }

  private SequenceEnds checked(Metadata metadata, int size, String endKey) {
    if (begins) {
      requireToken(metadata, BOS, bos, size);
    }
    if (ends) {
      requireToken(metadata, endKey, end, size);
    }
    return this;
  }

  static void requireToken(Metadata metadata, String key, int id, int size) {
    if (id >= size) {
      throw new MalformedFileException(
          metadata.source(), key, String.valueOf(id), "the vocabulary has " + size + " tokens");
    }
  }

  /// The ids of a text with the tokens that stand around it.
  int[] around(int[] ids) {
    TokenList all = new TokenList(ids.length + 2);
    if (begins) {
      all.add(bos);
    }
    all.addAll(ids);
    if (ends) {
      all.add(end);
    }
    return all.toArray();
  }
}
