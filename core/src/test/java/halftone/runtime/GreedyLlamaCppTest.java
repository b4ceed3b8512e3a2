package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.kvcache.CachePolicy;
import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaCppLibrary;
import halftone.llamacpp.LlamaGreedy;
import halftone.llamacpp.LlamaModel;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.ModelReader;
import halftone.model.SharedFolder;
import halftone.tokenizer.Tokenizer;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The same prompts, written on at temperature 0 by us and by the real llama.cpp, F16 weights and
/// F16 cache.
class GreedyLlamaCppTest {
  private static final int TOKENS = 64;

  /// Where llama.cpp's two likeliest tokens are nearer than this, its own CPU libraries differ.
  private static final double TIE = 0.02;

  private static final List<String> PROMPTS =
      List.of(
          "The capital of France is",
          "Once upon a time there was a",
          "def fibonacci(n):\n",
          "<|im_start|>user\nWhy is the sky blue?<|im_end|>\n<|im_start|>assistant\n");

  @Test
  void writesWhatLlamaCppWrites() throws IOException {
    LlamaCppLibrary library = AssumedLlamaCpp.library();
    Path file = SharedFolder.reference("smollm2-135m-f16.gguf");
    List<String> report = new ArrayList<>();
    int equal = 0;
    try (GgufFile gguf = GgufReader.open(file);
        Workers workers = new LocalWorkers(2);
        LlamaModel theirs = Llama.open(library).load(file, 256, 2);
        Session session = session(gguf, workers)) {
      Tokenizer tokenizer = Tokenizers.of(gguf.keys());
      for (int i = 0; i < PROMPTS.size(); i++) {
        int[] prompt = tokenizer.encode(PROMPTS.get(i), true);
        List<LlamaGreedy.Choice> expected = LlamaGreedy.write(theirs, prompt, TOKENS);
        List<Integer> found = ours(session, tokenizer, i, prompt);
        int same = same(expected, found);
        equal += same == TOKENS ? 1 : 0;
        report.add(describe(PROMPTS.get(i), expected, same));
        assertThat(same == TOKENS || expected.get(same).margin() < TIE)
            .as(String.join("\n", report))
            .isTrue();
      }
    }
    System.out.println(String.join("\n", report));
    assertThat(equal).as(String.join("\n", report)).isGreaterThanOrEqualTo(PROMPTS.size() - 1);
  }

  private static Session session(GgufFile gguf, Workers workers) {
    Session.Settings settings =
        new Session.Settings(Arithmetic.LLAMA, CachePolicy.F16, 256, 1L << 30);
    return new Session(ModelReader.read(gguf), settings, workers);
  }

  private static List<Integer> ours(Session session, Tokenizer tokenizer, int text, int[] prompt) {
    Generation.Limits limits = new Generation.Limits(TOKENS, Set.of(), List.of());
    return new Generation(session, tokenizer)
        .write(text, prompt, new Sampler(Sampling.GREEDY), limits, characters -> true)
        .tokens();
  }

  private static int same(List<LlamaGreedy.Choice> expected, List<Integer> found) {
    int same = 0;
    while (same < TOKENS && expected.get(same).token() == found.get(same)) {
      same++;
    }
    return same;
  }

  private static String describe(String prompt, List<LlamaGreedy.Choice> expected, int same) {
    double closest = expected.stream().mapToDouble(LlamaGreedy.Choice::margin).min().orElseThrow();
    return "%s… %d of %d tokens equal, llama.cpp's smallest margin %.4f%s"
        .formatted(
            prompt.substring(0, 12).strip(),
            same,
            TOKENS,
            closest,
            same == TOKENS ? "" : ", where they part " + expected.get(same).margin());
  }
}
