package halftone.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.grack.nanojson.JsonWriter;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.GgufValue;
import halftone.model.Metadata;
import halftone.model.SharedFolder;
import halftone.model.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tokenizers as Hugging Face writes them, made from llama.cpp's vocabulary files and converted
/// back.
class VocabularyFolderTest {
  private static final Map<String, Object> BYTES =
      Map.of("type", "ByteLevel", "add_prefix_space", false, "use_regex", false);

  @TempDir Path folder;

  @Test
  void aByteLevelVocabularyComesBackAsLlamaCppHasIt() throws IOException {
    try (GgufFile gguf =
        GgufReader.open(SharedFolder.file("data/tokenizers/ggml-vocab-gpt-2.gguf"))) {
      Metadata wanted = gguf.keys();
      List<String> tokens = wanted.texts("tokenizer.ggml.tokens");
      SequencedMap<String, Object> vocabulary = new LinkedHashMap<>();
      for (int id = 0; id < tokens.size(); id++) {
        vocabulary.put(tokens.get(id), id);
      }
      List<List<String>> pairs = new ArrayList<>();
      for (String merge : wanted.texts("tokenizer.ggml.merges")) {
        pairs.add(List.of(merge.split(" ")));
      }
      int end = tokens.indexOf("<|endoftext|>");
      write(
          Map.of(
              "pre_tokenizer", Map.of("type", "ByteLevel", "add_prefix_space", false),
              "added_tokens",
                  List.of(Map.of("id", end, "content", "<|endoftext|>", "special", true)),
              "model", Map.of("type", "BPE", "vocab", vocabulary, "merges", pairs)),
          Map.of("bos_token", "<|endoftext|>", "eos_token", "<|endoftext|>"));
      Metadata found = keys(tokens.size(), null);
      for (String key : List.of("model", "pre", "tokens", "token_type", "merges", "bos_token_id")) {
        assertThat(found.values().get("tokenizer.ggml." + key))
            .as(key)
            .isEqualTo(wanted.values().get("tokenizer.ggml." + key));
      }
      assertThat(found.flagOr("tokenizer.ggml.add_bos_token", true)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "llama-bpe;true;(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "dbrx;false;(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "qwen2;false;(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "gpt-4o;false;[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      })
  void knowsThePreTokenizersByWhatTheyDo(String name, boolean wholeWords, String regex)
      throws IOException {
    Map<String, Object> split =
        Map.of("type", "Split", "pattern", Map.of("Regex", regex), "behavior", "Isolated");
    write(bytes(List.of(split, BYTES), wholeWords), Map.of());
    assertThat(keys(4, null).requireText("tokenizer.ggml.pre")).isEqualTo(name);
  }

  @Test
  void refusesAnUnknownPreTokenizerUnlessItsNameIsGiven() throws IOException {
    write(bytes(List.of(Map.of("type", "Whitespace"), BYTES), false), Map.of());
    assertThatThrownBy(() -> keys(4, null))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("Whitespace")
        .hasMessageContaining("--pre");
    assertThat(keys(4, "qwen2").requireText("tokenizer.ggml.pre")).isEqualTo("qwen2");
  }

  @Test
  void findsSpecialTokensWhereverTheyStand() throws IOException {
    Map<String, Object> tokenizer = new LinkedHashMap<>(bytes(List.of(BYTES), false));
    tokenizer.put(
        "added_tokens",
        List.of(
            Map.of("id", 2, "content", "<|begin|>", "special", true),
            Map.of("id", 3, "content", "▁▁", "special", false)));
    tokenizer.put(
        "post_processor",
        Map.of(
            "type",
            "Sequence",
            "processors",
            List.of(
                Map.of("type", "ByteLevel"),
                Map.of(
                    "type",
                    "TemplateProcessing",
                    "single",
                    List.of(
                        Map.of("SpecialToken", Map.of("id", "<|begin|>", "type_id", 0)),
                        Map.of("Sequence", Map.of("id", "A", "type_id", 0)))))));
    write(
        tokenizer,
        Map.of(
            "bos_token",
            "<|begin|>",
            "eos_token",
            "b",
            "chat_template",
            List.of(
                Map.of("name", "tools", "template", "t"),
                Map.of("name", "default", "template", "d"))));
    Files.writeString(
        folder.resolve("generation_config.json"), "{\"eos_token_id\":[1,2],\"pad_token_id\":0}");
    Metadata found = keys(6, "gpt-2");
    assertThat(found.requireInt("tokenizer.ggml.bos_token_id")).isEqualTo(2);
    assertThat(found.requireInt("tokenizer.ggml.eos_token_id")).isEqualTo(1);
    assertThat(found.requireInt("tokenizer.ggml.eot_token_id")).isEqualTo(2);
    assertThat(found.requireInt("tokenizer.ggml.padding_token_id")).isZero();
    assertThat(found.flagOr("tokenizer.ggml.add_bos_token", false)).isTrue();
    assertThat(found.flagOr("tokenizer.ggml.add_eos_token", true)).isFalse();
    assertThat(found.requireText("tokenizer.chat_template")).isEqualTo("d");
    assertThat(found.texts("tokenizer.ggml.tokens"))
        .containsExactly("a", "b", "<|begin|>", "  ", "[PAD4]", "[PAD5]");
    assertThat(found.ints("tokenizer.ggml.token_type")).containsExactly(1, 1, 3, 4, 5, 5);
  }

  @Test
  void refusesMoreTokensThanTheEmbeddingHasRows() throws IOException {
    write(bytes(List.of(BYTES), false), Map.of());
    assertThatThrownBy(() -> keys(1, "gpt-2"))
        .hasMessageContaining("2 pieces for an embedding of 1 rows");
  }

  private static Map<String, Object> bytes(List<Map<String, Object>> steps, boolean wholeWords) {
    return Map.of(
        "pre_tokenizer", Map.of("type", "Sequence", "pretokenizers", steps),
        "model",
            Map.of(
                "type",
                "BPE",
                "ignore_merges",
                wholeWords,
                "vocab",
                Map.of("a", 0, "b", 1),
                "merges",
                List.of()));
  }

  private void write(Map<String, Object> tokenizer, Map<String, Object> settings)
      throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), JsonWriter.string(tokenizer));
    Files.writeString(folder.resolve("tokenizer_config.json"), JsonWriter.string(settings));
  }

  private Metadata keys(int rows, @Nullable String name) throws IOException {
    Config config = Config.of(JsonObject.parse("config.json", "{}"));
    SequencedMap<String, GgufValue> keys =
        new VocabularyFolder(folder, config, new LlamaFamily(), name).keys(rows);
    return new Metadata("folder", keys);
  }
}
