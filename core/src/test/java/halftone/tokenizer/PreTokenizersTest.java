package halftone.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.GgufValue;
import halftone.model.Metadata;
import halftone.model.SharedFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whole files under every pre-tokenizer, against the ids of the real llama.cpp. It was given the
/// same vocabulary with `tokenizer.ggml.pre` changed (`llama_tokenize`, library 0.5.0 of August
/// 2026); the digest is the first 8 bytes of the SHA-256 of the ids as little-endian 32-bit
/// integers.
class PreTokenizersTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          llama-bpe, gpt-2, data/text/wikitext-a.txt, 162590, 904f1e92190212de
          llama-bpe, gpt-2, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 989, ed32b6853f62eeb2
          llama-bpe, falcon, data/text/wikitext-a.txt, 180311, 7c347d90c7ec74df
          llama-bpe, falcon, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 930, 8e140eadabf8bcea
          qwen2, gpt-2, data/text/wikitext-a.txt, 168202, 8c83af80d52118ea
          qwen2, gpt-2, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 1047, 335c31fd457a587a
          qwen2, falcon, data/text/wikitext-a.txt, 185941, d4e489e09bb64d05
          qwen2, falcon, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 988, d84d0da9a65199c2
          gpt-2, gpt-2, data/text/wikitext-a.txt, 156757, 40d02c3698722eaf
          gpt-2, gpt-2, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 974, b89499c47375935d
          gpt-2, falcon, data/text/wikitext-a.txt, 180311, b2cefd092874fb99
          gpt-2, falcon, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 930, ea135b8a948f9fc1
          default, gpt-2, data/text/wikitext-a.txt, 182066, 5cac65ff9a7763c1
          default, gpt-2, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 1006, 17c5d8e605dff2eb
          default, falcon, data/text/wikitext-a.txt, 180204, a11858188dede2ce
          default, falcon, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 920, 486e18a916f91d97
          falcon, gpt-2, data/text/wikitext-a.txt, 179208, 64d566fc5aa23fdd
          falcon, gpt-2, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 998, 2a2253e033849c83
          falcon, falcon, data/text/wikitext-a.txt, 180204, a11858188dede2ce
          falcon, falcon, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 919, 47fdbd230436b5d1
          smollm, gpt-2, data/text/wikitext-a.txt, 168202, 8c83af80d52118ea
          smollm, gpt-2, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 1050, 5f839ce3addc67e6
          smollm, falcon, data/text/wikitext-a.txt, 185933, 78456344594eb2b9
          smollm, falcon, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 984, 832a266ece23acbd
          starcoder, gpt-2, data/text/wikitext-a.txt, 168202, 8c83af80d52118ea
          starcoder, gpt-2, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 1050, 5f839ce3addc67e6
          starcoder, falcon, data/text/wikitext-a.txt, 185933, 78456344594eb2b9
          starcoder, falcon, data/tokenizers/ggml-vocab-gpt-2.gguf.inp, 984, 832a266ece23acbd
          """)
  void cutsWholeFilesAsLlamaCppDoes(
      String pre, String vocabulary, String text, int count, String digest)
      throws IOException, NoSuchAlgorithmException {
    int[] ids = tokenizer(vocabulary, pre).encode(Files.readString(SharedFolder.file(text)), false);
    assertThat(ids).hasSize(count);
    assertThat(digest(ids)).isEqualTo(digest);
  }

  private static Tokenizer tokenizer(String vocabulary, String pre) throws IOException {
    String name = "data/tokenizers/ggml-vocab-" + vocabulary + ".gguf";
    try (GgufFile file = GgufReader.open(SharedFolder.file(name))) {
      LinkedHashMap<String, GgufValue> values = new LinkedHashMap<>(file.metadata());
      values.put("tokenizer.ggml.pre", new GgufValue.Text(pre));
      return Tokenizers.of(new Metadata(name, values));
    }
  }

  private static String digest(int[] ids) throws NoSuchAlgorithmException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(ids);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
    return HexFormat.of().formatHex(digest, 0, 8);
  }
}
