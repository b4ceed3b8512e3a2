package halftone.text;

import halftone.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Equal pieces of a tokenised text, each run on its own with an empty cache, as llama.cpp's
/// perplexity cuts a file: every section is tokenised once and cut into disjoint chunks, the rest
/// is dropped, and the first token of each is replaced by the beginning token if the model adds
/// one.
///
/// @param size tokens of a chunk
/// @param available tokens of the whole text, dropped ones too
public record Chunks(String text, int size, long available, List<Chunk> chunks) {
  /// One chunk and the kind of text it is from.
  public record Chunk(String kind, int[] tokens) {}

  public Chunks {
    chunks = List.copyOf(chunks);
  }

  /// All chunks of a text.
  ///
  /// @param size at least 2 tokens
  /// @throws IllegalArgumentException when the text does not fill one
  public static Chunks of(Text text, Tokenizer tokenizer, int size) {
    if (size < 2) {
      throw new IllegalArgumentException("a chunk of " + size + " tokens; give at least 2");
    }
    long available = 0;
    List<Chunk> chunks = new ArrayList<>();
    for (Section section : text.sections()) {
      int[] ids = tokenizer.encodeFile(section.text());
      available += ids.length;
      for (int from = 0; from + size <= ids.length; from += size) {
        int[] tokens = Arrays.copyOfRange(ids, from, from + size);
        if (tokenizer.addsBos()) {
          tokens[0] = tokenizer.bos();
        }
        chunks.add(new Chunk(section.kind(), tokens));
      }
    }
    Chunks all = new Chunks(text.name(), size, available, chunks);
    all.require(1);
    return all;
  }

  public int count() {
    return chunks.size();
  }

  /// The first chunks.
  ///
  /// @throws IllegalArgumentException when there are fewer
  public Chunks first(int count) {
    require(count);
    return new Chunks(text, size, available, chunks.subList(0, count));
  }

  /// Chunks spread evenly: of C, those at ⌊i·C/count⌋.
  ///
  /// @throws IllegalArgumentException when there are fewer
  public Chunks evenly(int count) {
    require(count);
    List<Chunk> chosen = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      chosen.add(chunks.get((int) (i * chunks.size() / count)));
    }
    return new Chunks(text, size, available, chosen);
  }

  private void require(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(text + ": " + count + " chunks; ask for at least 1");
    }
    if (chunks.size() < count) {
      throw new IllegalArgumentException(
          "%s: %d chunks of %d need at least %d tokens; it has %d, which fill %d; give more text"
              .formatted(text, count, size, (long) count * size, available, chunks.size()));
    }
  }

  /// The tokens, one row a chunk; fresh arrays.
  public int[][] tokens() {
    return chunks.stream().map(chunk -> chunk.tokens().clone()).toArray(int[][]::new);
  }

  /// The kind of each chunk, in order.
  public List<String> kinds() {
    return chunks.stream().map(Chunk::kind).toList();
  }

  /// SHA-256 of all tokens as little-endian 32-bit integers, in hexadecimal.
  public String sha256() {
    Sha256 digest = new Sha256();
    chunks.forEach(chunk -> digest.add(chunk.tokens()));
    return digest.hex();
  }
}
