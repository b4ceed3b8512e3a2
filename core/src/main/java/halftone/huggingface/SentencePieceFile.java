package halftone.huggingface;

import halftone.huggingface.Pieces.Piece;
import halftone.model.MalformedFileException;
import halftone.model.UnsupportedModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A `tokenizer.model`: SentencePiece's vocabulary as a protocol buffer.
///
/// Read are, of `ModelProto`, the pieces (1: text 1, score 2, type 3), of the trainer's
/// specification (2) the model's type (3), and of the normalizer's (3) whether a text gets a space
/// before it (3). Source: google/sentencepiece, `src/sentencepiece_model.proto`.
final class SentencePieceFile {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;
  private static final int MERGING = 2;

  private final String file;
  private final Pieces pieces;
  private long type = 1;
  private boolean spacePrefix = true;

  private SentencePieceFile(String file) {
    this.file = file;
    this.pieces = new Pieces(file);
  }

  /// What the file says.
  record Content(Pieces pieces, boolean spacePrefix) {}

  /// @throws MalformedFileException when the bytes are no such buffer
  /// @throws UnsupportedModelException when the pieces are not found by merging
  static Content read(Path path) throws IOException {
    return parse(path.toString(), SideFile.bytes(path));
  }

  static Content parse(String file, byte[] bytes) {
    SentencePieceFile reader = new SentencePieceFile(file);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    reader.fields(in, reader::modelField);
    if (reader.type != MERGING) {
      throw new UnsupportedModelException(
          file + ": a SentencePiece model of type " + reader.type + "; only BPE (2) is read");
    }
    return new Content(reader.pieces, reader.spacePrefix);
  }

  /// Takes one field: a number for varints, a slice for bytes and fixed sizes.
  private interface Field {
    void take(int number, long value, ByteBuffer bytes);
  }

  private void modelField(int number, long value, ByteBuffer bytes) {
    switch (number) {
      case 1 -> piece(bytes);
      case 2 ->
          fields(
              bytes,
              (field, setting, _) -> {
                type = field == 3 ? setting : type;
              });
      case 3 ->
          fields(
              bytes,
              (field, setting, _) -> {
                spacePrefix = field == 3 ? setting != 0 : spacePrefix;
              });
      default -> {}
    }
  }

  private void piece(ByteBuffer in) {
    String[] text = {""};
    float[] score = {0};
    long[] kind = {Pieces.NORMAL};
    fields(
        in,
        (number, value, bytes) -> {
          switch (number) {
            case 1 -> text[0] = StandardCharsets.UTF_8.decode(bytes).toString();
            case 2 -> score[0] = bytes.remaining() == Float.BYTES ? bytes.getFloat() : 0;
            case 3 -> kind[0] = value;
            default -> {}
          }
        });
    if (kind[0] < Pieces.NORMAL || kind[0] > Pieces.BYTE) {
      throw malformed("piece '" + text[0] + "'", "type " + kind[0], "types are 1 to 6");
    }
    pieces.put(pieces.size(), new Piece(text[0], score[0], (int) kind[0]));
  }

  private void fields(ByteBuffer in, Field field) {
    while (in.hasRemaining()) {
      long tag = varint(in);
      int number = (int) (tag >>> 3);
      switch ((int) (tag & 7)) {
        case VARINT -> field.take(number, varint(in), ByteBuffer.allocate(0));
        case FIXED_64 -> field.take(number, 0, slice(in, Long.BYTES));
        case BYTES -> field.take(number, 0, slice(in, varint(in)));
        case FIXED_32 -> field.take(number, 0, slice(in, Integer.BYTES));
        default -> throw malformed("field " + number, "wire type " + (tag & 7), "it is damaged");
      }
    }
  }

  private ByteBuffer slice(ByteBuffer in, long length) {
    if (length < 0 || length > in.remaining()) {
      throw malformed("length", length + " bytes", "only " + in.remaining() + " are left");
    }
    ByteBuffer slice = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + (int) length);
    return slice;
  }

  private long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && in.hasRemaining(); shift += 7) {
      byte next = in.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw malformed("number", "no end of it", "the file is truncated; fetch it again");
  }

  private MalformedFileException malformed(String field, String found, String remedy) {
    return new MalformedFileException(file, field, found, remedy);
  }
}
