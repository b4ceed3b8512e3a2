package halftone.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.Model;
import halftone.model.TinyDecoder;
import halftone.model.TinyLlama;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.Tap;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What every transform owes: the same function, in every architecture that has a place for it.
class TransformTest {
  private static final Workers WORKERS = new LocalWorkers(2);
  private static final int[][] TOKENS = tokens(3, 40);

  private static final List<Transform> TRANSFORMS =
      List.of(
          new SmoothQuant(),
          new SmoothQuant(0.8, true),
          new Awq(new Grid.MinMax(3, 32)),
          new Equalization(),
          new ResidualRotation(),
          new ValueRotation(),
          new BiasSlots(),
          new Fmpq(8, 1.1, 0),
          new Chain(List.of(new Equalization(), new SmoothQuant(0.8, true))));

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  static Stream<Arguments> everyTransformAndArchitecture() {
    return TRANSFORMS.stream()
        .flatMap(transform -> TinyDecoder.ALL.stream().map(tiny -> Arguments.of(transform, tiny)));
  }

  @ParameterizedTest
  @MethodSource("everyTransformAndArchitecture")
  void computesTheSame(Transform transform, TinyDecoder tiny) {
    Model model = tiny.model();
    if (transform instanceof ResidualRotation && tiny.architecture().startsWith("gemma")) {
      assertThatThrownBy(() -> transform.measure(model, TOKENS, WORKERS))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cannot be rotated");
      return;
    }
    if (transform instanceof BiasSlots && !tiny.architecture().equals("llama")) {
      assertThatThrownBy(() -> transform.measure(model, TOKENS, WORKERS))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("only blocks of Llama's architecture");
      return;
    }
    Model rewritten = transform.apply(model, transform.measure(model, TOKENS, WORKERS));
    requireSame(logits(model), logits(rewritten), 1e-4);
    assertThat(rewritten.tensors().values())
        .anyMatch(t -> !t.equals(model.tensors().get(t.name())));
  }

  /// Grouped heads, a width with a dense part, an output product of its own.
  @Test
  void rotationsComputeTheSameAtAwkwardWidths() {
    for (TinyLlama tiny :
        List.of(
            new TinyLlama(96, 2, 6, 2, 160, false, 5), new TinyLlama(112, 1, 7, 1, 64, true, 6))) {
      Model model = tiny.model();
      Model rotated = new ResidualRotation(3).apply(model, new double[0]);
      rotated = new ValueRotation().apply(rotated, new double[0]);
      requireSame(logits(model), logits(rotated), 1e-4);
    }
  }

  @Test
  void namesAreReadBack() {
    for (Transform transform : TRANSFORMS) {
      assertThat(Transforms.parse(transform.spelled())).isEqualTo(transform);
    }
    assertThatThrownBy(() -> new Chain(List.of(new Awq())))
        .hasMessageContaining("two links at least");
    assertThatThrownBy(() -> Transforms.parse("awq+smooth")).hasMessageContaining("'smooth'");
    assertThatThrownBy(() -> Transforms.parse("smoothquant:beta=1"))
        .hasMessageContaining("key 'beta'");
    assertThatThrownBy(() -> Transforms.parse("smooth")).hasMessageContaining("smoothquant");
    assertThatThrownBy(() -> Transforms.parse("smoothquant:alpha=much"))
        .hasMessageContaining("alpha is a number");
  }

  /// The second link is measured on what the first has made: rows and columns that are level give
  /// SmoothQuant other factors.
  @Test
  void everyLinkSeesWhatTheOneBeforeMade() {
    Model model = TinyLlama.seeded(3).model();
    Chain chain = new Chain(List.of(new Equalization(), new SmoothQuant(0.5, true)));
    double[] measured = chain.measure(model, TOKENS, WORKERS);
    double[] first = new Equalization().measure(model, TOKENS, WORKERS);
    double[] alone = new SmoothQuant(0.5, true).measure(model, TOKENS, WORKERS);
    assertThat(measured).hasSize(2 + first.length + alone.length);
    double[] second = Arrays.copyOfRange(measured, 2 + first.length, measured.length);
    assertThat(second)
        .isNotEqualTo(alone)
        .isEqualTo(
            new SmoothQuant(0.5, true)
                .measure(new Equalization().apply(model, first), TOKENS, WORKERS));
  }

  @Test
  void resultsDoNotDependOnTheNumberOfThreads() {
    Model model = TinyLlama.seeded(3).model();
    Awq awq = new Awq(new Grid.MinMax(3, 32));
    try (Workers one = new LocalWorkers(1)) {
      assertThat(awq.measure(model, TOKENS, one)).isEqualTo(awq.measure(model, TOKENS, WORKERS));
    }
  }

  static int[][] tokens(int sequences, int length) {
    Random random = new Random(11);
    return IntStream.range(0, sequences)
        .mapToObj(s -> random.ints(length, 0, TinyLlama.VOCABULARY).toArray())
        .toArray(int[][]::new);
  }

  private static float[] logits(Model model) {
    Engine engine = new Engine(model, Arithmetic.EXACT, WORKERS);
    Activations stream = engine.embed(TOKENS);
    for (var block : model.blocks()) {
      stream = engine.run(block, stream, Tap.NONE);
    }
    int[] rows = IntStream.range(0, stream.rows()).toArray();
    float[] all = new float[rows.length * TinyLlama.VOCABULARY];
    engine.head(
        stream,
        rows,
        Tap.NONE,
        (first, count, logits) ->
            System.arraycopy(
                logits, 0, all, first * TinyLlama.VOCABULARY, count * TinyLlama.VOCABULARY));
    return all;
  }

  private static void requireSame(float[] expected, float[] found, double tolerance) {
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      if (Math.abs(expected[i] - found[i]) > tolerance * largest) {
        assertThat(found)
            .as("logits, the largest %s; %s", largest, Arrays.toString(Arrays.copyOf(found, 4)))
            .isEqualTo(expected);
      }
    }
  }
}
