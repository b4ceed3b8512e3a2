package halftone.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.GgufValue;
import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import halftone.model.SharedFolder;
import halftone.model.UnsupportedModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class ByteLevelBpeTest {
  private static final int STRING = 8;
  private static final int INT32 = 5;

  /// Ids 0–255 are the bytes in order, then `th` 256, `he` 257, `the` 258, `Ġthe` 259, `<|end|>`
  /// 260, `<tool>` 261.
  private static final List<String> MERGES = List.of("t h", "h e", "th e", "Ġ the");

  private static SequencedMap<String, GgufValue> keys(String pre) {
    List<String> pieces = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      pieces.add(String.valueOf(ByteAlphabet.character(value)));
    }
    pieces.addAll(List.of("th", "he", "the", "Ġthe", "<|end|>", "<tool>"));
    List<GgufValue> types = new ArrayList<>();
    for (int id = 0; id < pieces.size(); id++) {
      types.add(new GgufValue.I32(id == 260 ? 3 : id == 261 ? 4 : 1));
    }
    SequencedMap<String, GgufValue> keys = new LinkedHashMap<>();
    keys.put("tokenizer.ggml.model", new GgufValue.Text("gpt2"));
    keys.put("tokenizer.ggml.pre", new GgufValue.Text(pre));
    keys.put("tokenizer.ggml.tokens", texts(pieces));
    keys.put("tokenizer.ggml.token_type", new GgufValue.Array(INT32, types));
    keys.put("tokenizer.ggml.merges", texts(MERGES));
    keys.put("tokenizer.ggml.bos_token_id", new GgufValue.U32(260));
    return keys;
  }

  private static GgufValue texts(List<String> texts) {
    return new GgufValue.Array(STRING, texts.stream().<GgufValue>map(GgufValue.Text::new).toList());
  }

  private static Tokenizer tokenizer(SequencedMap<String, GgufValue> keys) {
    return Tokenizers.of(new Metadata("tiny.gguf", keys));
  }

  private static Tokenizer tokenizer() {
    return tokenizer(keys("gpt-2"));
  }

  @Test
  void mergesByRankNotByPosition() {
    assertThat(tokenizer().encode("the the", false)).containsExactly(258, 259);
    assertThat(tokenizer().encode("hehet", false)).containsExactly(257, 257, 't');
    assertThat(tokenizer().encode("tht", false)).containsExactly(256, 't');
  }

  @Test
  void mergesLongWordsAsTheNaiveLoopDoes() {
    MergeTable table = new MergeTable(64);
    Random random = new Random(5);
    for (int rank = 0; rank < 40; rank++) {
      table.add(random.nextInt(12), random.nextInt(12), rank, random.nextInt(12));
    }
    for (int round = 0; round < 200; round++) {
      int[] word = random.ints(random.nextInt(60), 0, 12).toArray();
      assertThat(WordMerger.merge(table, word.clone())).isEqualTo(naive(table, word));
    }
  }

  private static int[] naive(MergeTable table, int[] word) {
    List<Integer> ids = new ArrayList<>(Arrays.stream(word).boxed().toList());
    while (true) {
      int best = MergeTable.NONE;
      int at = -1;
      for (int i = 0; i + 1 < ids.size(); i++) {
        int rank = table.rank(ids.get(i), ids.get(i + 1));
        if (rank < best) {
          best = rank;
          at = i;
        }
      }
      if (at < 0) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
      }
      int right = ids.get(at + 1);
      ids.subList(at + 1, at + 2).clear();
      ids.set(at, table.result(ids.get(at), right));
    }
  }

  @Test
  void readsControlTokensOnlyWhenAskedAndUserDefinedOnesAlways() {
    assertThat(tokenizer().encode("the<|end|>the", true)).containsExactly(258, 260, 258);
    assertThat(tokenizer().encode("the<|end|>", false)).hasSize(1 + "<|end|>".length());
    assertThat(tokenizer().encode("<tool>the", false)).containsExactly(261, 258);
  }

  @Test
  void putsTheTokensAroundAFileThatTheModelWantsThere() {
    SequencedMap<String, GgufValue> keys = keys("gpt-2");
    assertThat(tokenizer(keys).encodeFile("the")).containsExactly(258);
    keys.put("tokenizer.ggml.add_bos_token", new GgufValue.Bool(true));
    assertThat(tokenizer(keys).encodeFile("the")).containsExactly(260, 258);
    assertThat(tokenizer(keys("llama-bpe")).addsBos()).isTrue();
    keys.put("tokenizer.ggml.add_eos_token", new GgufValue.Bool(true));
    keys.put("tokenizer.ggml.eos_token_id", new GgufValue.U32(261));
    assertThat(tokenizer(keys).encodeFile("the")).containsExactly(260, 258, 261);
  }

  @Test
  void decodesWhatItEncodedWhateverTheText() {
    Random random = new Random(1);
    for (String pre : PreTokenizers.names()) {
      Tokenizer tokenizer = tokenizer(keys(pre));
      for (int round = 0; round < 300; round++) {
        String text = randomText(random);
        byte[] decoded = tokenizer.decode(tokenizer.encode(text, round % 2 == 0));
        assertThat(decoded).as(pre).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static String randomText(Random random) {
    String alphabet = "the \t\n\r  123'sLL<|end|>{}();_é漢字🦙\u00a0\u0000";
    int[] points = alphabet.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(80); i > 0; i--) {
      int anything = random.nextInt(Character.MAX_CODE_POINT + 1);
      boolean surrogate = anything >= 0xD800 && anything < 0xE000;
      text.appendCodePoint(
          surrogate || random.nextInt(4) > 0 ? points[random.nextInt(points.length)] : anything);
    }
    return text.toString();
  }

  @Test
  void takesAWordWithoutASpaceInStride() {
    assertThat(tokenizer().encode("the".repeat(100_000), false)).hasSize(100_000);
    assertThat(tokenizer(keys("qwen2")).encode(" ".repeat(100_000), false)).hasSize(100_000);
  }

  @Test
  void neverDropsAByteWithoutAToken() {
    SequencedMap<String, GgufValue> keys = keys("gpt-2");
    List<GgufValue> pieces =
        new ArrayList<>(
            ((GgufValue.Array) Objects.requireNonNull(keys.get("tokenizer.ggml.tokens")))
                .elements());
    pieces.set('z', new GgufValue.Text("unreachable"));
    keys.put("tokenizer.ggml.tokens", new GgufValue.Array(STRING, pieces));
    assertThatThrownBy(() -> tokenizer(keys).encode("fez", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0x7A");
    keys.put("tokenizer.ggml.unknown_token_id", new GgufValue.U32(260));
    assertThat(tokenizer(keys).encode("fez", false)).containsExactly('f', 'e', 260);
  }

  @Test
  void refusesWhatItDoesNotKnowByKey() {
    SequencedMap<String, GgufValue> pre = keys("tekken");
    assertThatThrownBy(() -> tokenizer(pre))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("tiny.gguf: tokenizer.ggml.pre: found \"tekken\"")
        .hasMessageContaining("smollm");
    SequencedMap<String, GgufValue> model = keys("gpt-2");
    model.put("tokenizer.ggml.model", new GgufValue.Text("t5"));
    assertThatThrownBy(() -> tokenizer(model))
        .hasMessageContaining("tokenizer.ggml.model: found \"t5\"")
        .hasMessageContaining("gpt2");
  }

  @Test
  void refusesContradictions() {
    for (String merge : List.of("t q", "th", "zz y", "")) {
      SequencedMap<String, GgufValue> keys = keys("gpt-2");
      keys.put("tokenizer.ggml.merges", texts(List.of("t h", merge)));
      assertThatThrownBy(() -> tokenizer(keys))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("tokenizer.ggml.merges[1]");
    }
    SequencedMap<String, GgufValue> bos = keys("llama-bpe");
    bos.put("tokenizer.ggml.bos_token_id", new GgufValue.U32(9999));
    assertThatThrownBy(() -> tokenizer(bos)).hasMessageContaining("bos_token_id: found 9999");
    SequencedMap<String, GgufValue> types = keys("gpt-2");
    types.put(
        "tokenizer.ggml.token_type", new GgufValue.Array(INT32, List.of(new GgufValue.I32(1))));
    assertThatThrownBy(() -> tokenizer(types)).hasMessageContaining("token_type: found 1 types");
    assertThatThrownBy(() -> tokenizer().decode(new int[] {262}))
        .hasMessageContaining("262 is not in the vocabulary of 262");
  }

  @Test
  void agreesWithTheTokensOfLlamaCppsBaseFile() throws IOException {
    Tokenizer tokenizer = SharedFolder.tokenizer("models/SmolLM2-135M-Instruct.Q4_1.gguf");
    ByteBuffer base =
        ByteBuffer.wrap(Files.readAllBytes(SharedFolder.file("data/llama/base-c64.kld")))
            .order(ByteOrder.LITTLE_ENDIAN);
    int[] expected = new int[base.getInt(8) * base.getInt(16)];
    base.position(20).asIntBuffer().get(expected);
    String text = Files.readString(SharedFolder.file("data/text/wikitext-a.txt"));
    int[] ids = tokenizer.encodeFile(text.substring(0, 20_000));
    assertThat(Arrays.copyOf(ids, expected.length)).isEqualTo(expected);
    assertThat(tokenizer.vocabularySize()).isEqualTo(base.getInt(12));
  }
}
