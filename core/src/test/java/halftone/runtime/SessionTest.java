package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.kvcache.CachePolicy;
import halftone.model.Model;
import halftone.model.Stage;
import halftone.model.TinyDecoder;
import halftone.model.TinyLlama;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SessionTest {
  private static final Workers WORKERS = new LocalWorkers(2);
  private static final long ROOM = 1L << 30;

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  static Stream<TinyDecoder> tiny() {
    return TinyDecoder.ALL.stream();
  }

  private static int[] tokens(int length, long seed) {
    return new Random(seed).ints(length, 0, TinyLlama.VOCABULARY).toArray();
  }

  private static Session session(Model model, Arithmetic arithmetic, CachePolicy cache) {
    return new Session(model, new Session.Settings(arithmetic, cache, 512, ROOM), WORKERS);
  }

  /// Logits after each token of one text, by the engine at once.
  private static float[][] whole(Model model, Arithmetic arithmetic, int[] tokens) {
    Engine engine = new Engine(model, arithmetic, WORKERS);
    Activations hidden = engine.embed(new int[][] {tokens});
    for (Stage block : model.blocks()) {
      hidden = engine.run(block, hidden, Tap.NONE);
    }
    float[][] rows = new float[tokens.length][];
    engine.head(
        hidden,
        IntStream.range(0, tokens.length).toArray(),
        Tap.NONE,
        (first, count, logits) -> split(first, count, logits, rows));
    return rows;
  }

  private static void split(int first, int count, float[] logits, float[][] rows) {
    for (int i = 0; i < count; i++) {
      rows[first + i] =
          Arrays.copyOfRange(logits, i * TinyLlama.VOCABULARY, (i + 1) * TinyLlama.VOCABULARY);
    }
  }

  /// The same text cut into pieces of these lengths; pieces of one token are steps.
  private static float[][] pieces(Session session, int text, int[] tokens, int... lengths) {
    float[][] rows = new float[tokens.length][];
    int from = 0;
    for (int piece = 0; from < tokens.length; piece++) {
      int length = Math.min(lengths[piece % lengths.length], tokens.length - from);
      int[] part = Arrays.copyOfRange(tokens, from, from + length);
      int start = from;
      if (length == 1) {
        rows[start] = session.step(new int[] {text}, part).clone();
      } else {
        session.read(
            text, part, 0, (first, count, logits) -> split(start + first, count, logits, rows));
      }
      from += length;
    }
    return rows;
  }

  /// Longer than the windows by far, and than a page of the cache.
  @ParameterizedTest
  @MethodSource("tiny")
  void chunksAndStepsEqualOnePassForEveryArchitecture(TinyDecoder tiny) {
    Model model = tiny.model();
    int[] tokens = tokens(230, 5);
    float[][] expected = whole(model, Arithmetic.EXACT, tokens);
    // Phi-3 chooses its rotary factors by the context: keep the session's as short as the text.
    Session.Settings settings =
        new Session.Settings(Arithmetic.EXACT, CachePolicy.F32, tokens.length, ROOM);
    try (Session session = new Session(model, settings, WORKERS)) {
      float[][] found = pieces(session, 0, tokens, 33, 1, 1, 7, 1, 64, 1, 1, 1);
      for (int t = 0; t < tokens.length; t++) {
        assertThat(found[t]).as("position %d", t).containsExactly(expected[t]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void howATextIsCutDoesNotMatterForAnyCache(CachePolicy cache) {
    Model model = new TinyDecoder("gemma2", 3, 32, 4).model();
    int[] tokens = tokens(400, 6);
    try (Session session = session(model, Arithmetic.LLAMA, cache)) {
      float[][] once = pieces(session, 0, tokens, 400);
      float[][] cut = pieces(session, 1, tokens, 300, 1, 1, 1, 50, 1);
      for (int t = 0; t < tokens.length; t++) {
        assertThat(cut[t]).as("position %d", t).containsExactly(once[t]);
      }
    }
  }

  /// The engine rounds keys and values as an F16 cache does.
  @Test
  void anF16CacheIsWhatTheEngineComputesAsLlamaCppDoes() {
    Model model = TinyLlama.seeded(3).model();
    int[] tokens = tokens(90, 7);
    float[][] expected = whole(model, Arithmetic.LLAMA, tokens);
    try (Session session = session(model, Arithmetic.LLAMA, CachePolicy.F16)) {
      float[][] found = pieces(session, 0, tokens, 40, 1);
      for (int t = 0; t < tokens.length; t++) {
        assertThat(found[t]).containsExactly(expected[t]);
      }
    }
  }

  /// Halves carry 11 bits, Q8_0 about 8.
  @Test
  void roundingTheCacheCostsWhatItsBitsSay() {
    Model model = new TinyDecoder("llama", 2, 32, 1).model();
    int[] tokens = tokens(200, 8);
    float[][] exact = whole(model, Arithmetic.EXACT, tokens);
    assertThat(noise(exact, model, CachePolicy.F16, tokens)).isBetween(1e-5, 1e-3);
    assertThat(noise(exact, model, CachePolicy.Q8_0, tokens)).isBetween(5e-4, 2e-2);
  }

  private static double noise(float[][] exact, Model model, CachePolicy cache, int[] tokens) {
    try (Session session = session(model, Arithmetic.EXACT, cache)) {
      float[][] found = pieces(session, 0, tokens, 50, 1);
      double squares = 0;
      double differences = 0;
      for (int t = 0; t < tokens.length; t++) {
        for (int i = 0; i < exact[t].length; i++) {
          squares += Math.pow(exact[t][i], 2);
          differences += Math.pow(exact[t][i] - found[t][i], 2);
        }
      }
      return Math.sqrt(differences / squares);
    }
  }

  @Test
  void textsThatStepTogetherDoNotSeeEachOther() {
    Model model = TinyLlama.seeded(3).model();
    int[][] tokens = {tokens(20, 1), tokens(33, 2), tokens(5, 3)};
    int[] next = {7, 8, 9};
    try (Session session = session(model, Arithmetic.LLAMA, CachePolicy.F16)) {
      for (int text = 0; text < 3; text++) {
        session.read(text, tokens[text]);
      }
      float[] together = session.step(new int[] {0, 1, 2}, next).clone();
      assertThat(session.length(1)).isEqualTo(34);
      for (int text = 0; text < 3; text++) {
        session.forget(text);
        session.read(text, tokens[text]);
        float[] alone = session.step(new int[] {text}, new int[] {next[text]});
        int at = text * TinyLlama.VOCABULARY;
        assertThat(Arrays.copyOfRange(together, at, at + TinyLlama.VOCABULARY))
            .containsExactly(alone);
      }
    }
  }

  /// More than the head works out at once.
  @Test
  void soManyTextsStepTogetherThatTheirLogitsComeInParts() {
    Model model = new TinyLlama(32, 1, 2, 1, 64, false, 7).model();
    int[] numbers = IntStream.range(0, 300).toArray();
    int[] tokens = tokens(numbers.length, 5);
    try (Session session = session(model, Arithmetic.LLAMA, CachePolicy.F16)) {
      float[] together = session.step(numbers, tokens).clone();
      for (int text : new int[] {0, 255, 256, 299}) {
        session.forget(text);
        float[] alone = session.step(new int[] {text}, new int[] {tokens[text]});
        int at = text * TinyLlama.VOCABULARY;
        assertThat(Arrays.copyOfRange(together, at, at + alone.length)).containsExactly(alone);
      }
    }
  }

  @Test
  void neitherTheWorkersNorRoomForPackedWeightsChangeAnything() {
    Model model = TinyLlama.seeded(4).model();
    int[] tokens = tokens(30, 9);
    Session.Settings poor = new Session.Settings(Arithmetic.EXACT, CachePolicy.F16, 64, 20_000);
    try (Workers one = new LocalWorkers(1);
        Session some = new Session(model, poor, one);
        Session all = session(model, Arithmetic.EXACT, CachePolicy.F16)) {
      float[][] expected = pieces(all, 0, tokens, 10, 1);
      float[][] found = pieces(some, 0, tokens, 10, 1);
      for (int t = 0; t < tokens.length; t++) {
        assertThat(found[t]).containsExactly(expected[t]);
      }
    }
  }

  /// Layers that see 24 positions hold one or two pages of 256; every third sees all.
  @Test
  void layersWithWindowsForgetWhatTheyCannotSee() {
    Model model = new TinyDecoder("gemma3", 6, 32, 5).model();
    Session.Settings settings =
        new Session.Settings(Arithmetic.EXACT, CachePolicy.Q8_0, 2000, ROOM);
    try (Session session = new Session(model, settings, WORKERS)) {
      session.read(0, tokens(1600, 1));
      long page = 256 * 2 * 2 * 34;
      long inChunks = session.cacheBytes() / page;
      for (int token : tokens(300, 2)) {
        session.step(new int[] {0}, new int[] {token});
      }
      assertThat(inChunks).isBetween(7 + 5L, 7 + 5 * 4L);
      assertThat(session.cacheBytes()).isBetween((8 + 5) * page, (8 + 5 * 3) * page);
      session.forget(0);
      assertThat(session.cacheBytes()).isZero();
    }
  }

  @Test
  void saysWhatDoesNotFit() {
    Model model = TinyLlama.seeded(1).model();
    Session.Settings settings = new Session.Settings(Arithmetic.EXACT, CachePolicy.F16, 10, ROOM);
    try (Session session = new Session(model, settings, WORKERS)) {
      session.read(0, tokens(9, 1));
      session.step(new int[] {0}, new int[] {1});
      assertThatThrownBy(() -> session.step(new int[] {0}, new int[] {1}))
          .hasMessageContaining("10 tokens and 1 more do not fit a context of 10");
      assertThatThrownBy(() -> session.read(1, tokens(11, 1)))
          .hasMessageContaining("0 tokens and 11 more do not fit a context of 10");
      assertThatThrownBy(() -> session.read(1, new int[0])).hasMessageContaining("no token");
      assertThatThrownBy(() -> session.step(new int[] {1}, new int[] {264}))
          .hasMessageContaining("264");
    }
    assertThatThrownBy(() -> session(model, Arithmetic.EXACT, CachePolicy.Q8_0))
        .hasMessageContaining("heads of 16")
        .hasMessageContaining("f16");
  }
}
