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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SentencePiece's vocabularies as Hugging Face writes them, made from llama.cpp's vocabulary files
/// and converted back.
class SentencePieceTest {
  @TempDir Path folder;

  /// Only the order of scores matters: the merges give it back for every piece that a merge makes.
  @Test
  void mergesGiveSentencePiecesScoresBackInTheirOrder() throws IOException {
    try (GgufFile gguf =
        GgufReader.open(SharedFolder.file("data/tokenizers/ggml-vocab-llama-spm.gguf"))) {
      Metadata wanted = gguf.keys();
      List<String> tokens = List.copyOf(wanted.texts("tokenizer.ggml.tokens"));
      float[] scores = wanted.floats("tokenizer.ggml.scores");
      SequencedMap<String, Object> vocabulary = new LinkedHashMap<>();
      for (int id = 0; id < tokens.size(); id++) {
        vocabulary.put(tokens.get(id), id);
      }
      List<String> merges = merges(tokens, scores);
      write(
          Map.of(
              "normalizer",
              Map.of(
                  "type",
                  "Sequence",
                  "normalizers",
                  List.of(Map.of("type", "Prepend", "prepend", "▁"))),
              "added_tokens",
              added("<unk>", "<s>", "</s>"),
              "model",
              Map.of(
                  "type",
                  "BPE",
                  "byte_fallback",
                  true,
                  "unk_token",
                  "<unk>",
                  "vocab",
                  vocabulary,
                  "merges",
                  merges)),
          Map.of("bos_token", Map.of("content", "<s>"), "eos_token", "</s>", "unk_token", "<unk>"));
      Metadata found = keys(tokens.size() + 3, null);
      assertThat(found.requireText("tokenizer.ggml.model")).isEqualTo("llama");
      assertThat(found.flagOr("tokenizer.ggml.add_space_prefix", false)).isTrue();
      assertThat(found.flagOr("tokenizer.ggml.add_bos_token", false)).isTrue();
      assertThat(found.requireInt("tokenizer.ggml.unknown_token_id")).isZero();
      assertThat(found.texts("tokenizer.ggml.tokens"))
          .startsWith(tokens.toArray(String[]::new))
          .endsWith("[PAD32000]", "[PAD32001]", "[PAD32002]");
      assertThat(found.ints("tokenizer.ggml.token_type"))
          .startsWith(wanted.ints("tokenizer.ggml.token_type"))
          .endsWith(5, 5, 5);
      float[] recovered = found.floats("tokenizer.ggml.scores");
      List<Integer> made =
          merges.stream()
              .map(merge -> (Integer) vocabulary.get(merge.replace(" ", "")))
              .distinct()
              .toList();
      for (int i = 1; i < made.size(); i++) {
        assertThat(scores[made.get(i)]).isLessThanOrEqualTo(scores[made.get(i - 1)]);
        assertThat(recovered[made.get(i)]).isLessThan(recovered[made.get(i - 1)]);
      }
    }
  }

  /// As `transformers` writes them when it converts a `tokenizer.model`.
  private static List<String> merges(List<String> tokens, float[] scores) {
    record Merge(String left, String right, float score) {}
    Map<String, Integer> ids = new HashMap<>();
    for (int id = 0; id < tokens.size(); id++) {
      ids.put(tokens.get(id), id);
    }
    List<Merge> merges = new ArrayList<>();
    for (int id = 259; id < tokens.size(); id++) {
      String token = tokens.get(id);
      for (int cut = 1; cut < token.length(); cut++) {
        String left = token.substring(0, cut);
        String right = token.substring(cut);
        if (ids.containsKey(left) && ids.containsKey(right)) {
          merges.add(new Merge(left, right, scores[id]));
        }
      }
    }
    merges.sort(
        Comparator.comparingDouble(Merge::score)
            .thenComparing(merge -> merge.left().length())
            .reversed());
    return merges.stream().map(merge -> merge.left() + " " + merge.right()).toList();
  }

  private static List<Object> added(String... special) {
    List<Object> added = new ArrayList<>();
    for (int id = 0; id < special.length; id++) {
      added.add(Map.of("id", id, "content", special[id], "special", true));
    }
    return added;
  }

  @Test
  void aSentencePieceFileGivesItsPiecesScoresAndTypes() throws IOException {
    try (GgufFile gguf =
        GgufReader.open(SharedFolder.file("data/tokenizers/ggml-vocab-llama-spm.gguf"))) {
      Metadata wanted = gguf.keys();
      Files.write(folder.resolve("tokenizer.model"), sentencePieces(wanted, 2));
      Metadata found = keys(32_000, null);
      for (String key : List.of("model", "pre", "tokens", "scores", "token_type")) {
        assertThat(found.values().get("tokenizer.ggml." + key))
            .as(key)
            .isEqualTo(wanted.values().get("tokenizer.ggml." + key));
      }
      assertThat(found.flagOr("tokenizer.ggml.add_space_prefix", true)).isFalse();
      Files.write(folder.resolve("tokenizer.model"), sentencePieces(wanted, 1));
      assertThatThrownBy(() -> keys(32_000, null)).isInstanceOf(UnsupportedModelException.class);
    }
  }

  /// A protocol buffer of the vocabulary whose normalizer adds no space.
  private static byte[] sentencePieces(Metadata vocabulary, int type) {
    List<String> tokens = vocabulary.texts("tokenizer.ggml.tokens");
    float[] scores = vocabulary.floats("tokenizer.ggml.scores");
    int[] types = vocabulary.ints("tokenizer.ggml.token_type");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int id = 0; id < tokens.size(); id++) {
      byte[] text = tokens.get(id).getBytes(StandardCharsets.UTF_8);
      ByteBuffer piece = ByteBuffer.allocate(text.length + 9).order(ByteOrder.LITTLE_ENDIAN);
      piece.put((byte) 0x0A).put((byte) text.length).put(text);
      piece.put((byte) 0x15).putFloat(scores[id]).put((byte) 0x18).put((byte) types[id]);
      out.write(0x0A);
      out.write(piece.capacity());
      out.writeBytes(piece.array());
    }
    out.writeBytes(new byte[] {0x12, 4, 0x18, (byte) type, 0x20, 5});
    out.writeBytes(new byte[] {0x1A, 2, 0x18, 0});
    return out.toByteArray();
  }

  @Test
  void aDamagedSentencePieceFileIsRefused() {
    byte[] bytes = {0x0A, 5, 0x0A, 3, 'a'};
    assertThatThrownBy(() -> SentencePieceFile.parse("tokenizer.model", bytes))
        .hasMessageContaining("5 bytes; only 3 are left");
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
