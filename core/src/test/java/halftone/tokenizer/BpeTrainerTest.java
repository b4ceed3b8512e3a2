package halftone.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {
  private static final List<String> DOCUMENTS =
      List.of(
          "low low low low low lower lower newest newest newest newest newest newest",
          "widest widest widest; the 1,234 whales\n\n\nand the sea — the sea, the sea's own");

  @Test
  void mergesTheMostFrequentPairFirst() {
    // Pairs: "ab" 5, "aa" 3, " a" 4; then "a"+"ab" 3 before " "+"ab" 2.
    TrainedVocabulary trained = BpeTrainer.train(List.of("aab aab aab ab ab cc"), "gpt-2", 260);
    assertThat(trained.merges()).containsExactly("a b", "a ab", "Ġ ab");
  }

  @Test
  void preferringTheOlderTokensOfEquallyFrequentPairs() {
    TrainedVocabulary trained = BpeTrainer.train(List.of("xy\nab\nxy\nab"), "gpt-2", 259);
    assertThat(trained.merges()).containsExactly("a b", "x y");
  }

  @Test
  void agreesWithCountingEverythingAgainForEachMerge() {
    for (String pre : List.of("gpt-2", "smollm", "llama-bpe")) {
      Random random = new Random(pre.length());
      for (int round = 0; round < 10; round++) {
        List<String> documents = new ArrayList<>(DOCUMENTS);
        documents.add(randomText(random));
        int size = 280 + random.nextInt(40);
        assertThat(BpeTrainer.train(documents, pre, size).merges())
            .isEqualTo(naive(documents, pre, size));
      }
    }
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      text.append("aaab bé'\n ".charAt(random.nextInt(10)));
    }
    return text.toString();
  }

  /// The definition, word by word, without any bookkeeping between merges.
  private static List<String> naive(List<String> documents, String pre, int size) {
    Map<List<String>, Long> words = new HashMap<>();
    for (String document : documents) {
      for (String word : PreTokenizers.named(pre).orElseThrow().words(document)) {
        List<String> bytes = new ArrayList<>();
        for (byte each : word.getBytes(StandardCharsets.UTF_8)) {
          bytes.add(String.valueOf(ByteAlphabet.character(each & 0xFF)));
        }
        words.merge(bytes, 1L, Long::sum);
      }
    }
    List<String> pieces = new ArrayList<>(List.of("<|endoftext|>"));
    for (int value = 0; value < 256; value++) {
      pieces.add(String.valueOf(ByteAlphabet.character(value)));
    }
    List<String> merges = new ArrayList<>();
    while (pieces.size() < size) {
      List<String> best = best(words, pieces);
      merges.add(String.join(" ", best));
      String joined = String.join("", best);
      if (!pieces.contains(joined)) {
        pieces.add(joined);
      }
      Map<List<String>, Long> merged = new HashMap<>();
      words.forEach((word, count) -> merged.merge(join(word, best), count, Long::sum));
      words = merged;
    }
    return merges;
  }

  private static List<String> best(Map<List<String>, Long> words, List<String> pieces) {
    Map<List<String>, Long> counts = new HashMap<>();
    words.forEach(
        (word, count) -> {
          for (int i = 0; i + 1 < word.size(); i++) {
            counts.merge(List.copyOf(word.subList(i, i + 2)), count, Long::sum);
          }
        });
    return counts.keySet().stream()
        .min(
            (a, b) -> {
              int[] keyOfA = {pieces.indexOf(a.get(0)), pieces.indexOf(a.get(1))};
              int[] keyOfB = {pieces.indexOf(b.get(0)), pieces.indexOf(b.get(1))};
              int byCount = Long.compare(counts.get(b), counts.get(a));
              return byCount != 0 ? byCount : Arrays.compare(keyOfA, keyOfB);
            })
        .orElseThrow();
  }

  private static List<String> join(List<String> word, List<String> pair) {
    List<String> joined = new ArrayList<>();
    for (int i = 0; i < word.size(); i++) {
      boolean found = i + 1 < word.size() && word.subList(i, i + 2).equals(pair);
      joined.add(found ? String.join("", pair) : word.get(i));
      i += found ? 1 : 0;
    }
    return joined;
  }

  @Test
  void whatItMakesIsATokenizerThatLosesNothing() {
    TrainedVocabulary trained = BpeTrainer.train(DOCUMENTS, "smollm", 275);
    Tokenizer tokenizer = Tokenizers.of(new Metadata("trained", trained.metadata()));
    assertThat(tokenizer.vocabularySize()).isEqualTo(275);
    assertThat(tokenizer.addsBos()).isTrue();
    assertThat(tokenizer.bos()).isZero();
    assertThat(tokenizer.encode("<|endoftext|>", true)).containsExactly(0);
    String text = "the lowest sea — 漢字 \u0000\n";
    int[] ids = tokenizer.encode(text, false);
    assertThat(tokenizer.decode(ids)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    assertThat(ids.length).isLessThan(text.getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void saysWhatItCannotDo() {
    assertThatThrownBy(() -> BpeTrainer.train(DOCUMENTS, "tekken", 300))
        .hasMessageContaining("no pre-tokenizer \"tekken\"; there are")
        .hasMessageContaining("smollm");
    assertThatThrownBy(() -> BpeTrainer.train(DOCUMENTS, "gpt-2", 257))
        .hasMessageContaining("ask for more than 257");
    assertThatThrownBy(() -> BpeTrainer.train(DOCUMENTS, "gpt-2", 4096))
        .hasMessageContaining("the text repeats too little for 4096 tokens");
  }
}
