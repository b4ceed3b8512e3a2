package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.Model;
import halftone.model.Node;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.model.TinyLlama;
import halftone.numeric.NumberFormat;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineTest {
  private static final Workers WORKERS = new LocalWorkers(2);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  @ParameterizedTest
  @CsvSource({"4,4,true", "4,2,true", "4,1,false", "2,1,true"})
  void agreesWithTheGraphInFloat64(int heads, int keyValueHeads, boolean tied) {
    TinyLlama tiny = new TinyLlama(64, 2, heads, keyValueHeads, 128, tied, 7);
    NaiveLlama naive =
        new NaiveLlama(tiny.tensors(), heads, keyValueHeads, 64 / heads, 10_000, 1e-5);
    int[][] tokens = tokens(3, 41);
    double[][] logits = naive.logits(tokens[2]);
    requireClose(logits, logits(tiny.model(), Arithmetic.EXACT, WORKERS, tokens), 2);
  }

  private static void requireClose(double[][] expected, float[][] actual, int sequence) {
    for (int t = 0; t < expected.length; t++) {
      float[] row = actual[sequence * expected.length + t];
      for (int i = 0; i < row.length; i++) {
        assertThat(Math.abs(row[i] - expected[t][i])).isLessThan(1e-4);
      }
    }
  }

  @Test
  void headsNeedNotFillTheWidth() {
    int size = 24;
    SequencedMap<String, Tensor> tensors = new TinyLlama(64, 1, 4, 2, 128, true, 3).tensors();
    replace(tensors, matrix("blk.0.attn_q.weight", 64, 4 * size));
    replace(tensors, matrix("blk.0.attn_k.weight", 64, 2 * size));
    replace(tensors, matrix("blk.0.attn_v.weight", 64, 2 * size));
    replace(tensors, matrix("blk.0.attn_output.weight", 4 * size, 64));
    Model model = new Model(withHeadSize(size), tensors, new LinkedHashMap<>());
    double[][] expected =
        new NaiveLlama(tensors, 4, 2, size, 10_000, 1e-5).logits(tokens(1, 19)[0]);
    requireClose(expected, logits(model, Arithmetic.EXACT, WORKERS, tokens(1, 19)), 0);
  }

  private static List<Stage> withHeadSize(int size) {
    List<Stage> stages = new ArrayList<>();
    for (Stage stage : new TinyLlama(64, 1, 4, 2, 128, true, 3).model().stages()) {
      List<Node> nodes = new ArrayList<>();
      for (Node node : stage.nodes()) {
        nodes.add(new Node(node.output(), withHeadSize(node.op(), size), node.inputs()));
      }
      stages.add(new Stage(stage.name(), nodes));
    }
    return stages;
  }

  private static Op withHeadSize(Op op, int size) {
    return switch (op) {
      case Op.Rope rope ->
          new Op.Rope(rope.heads(), size, size, rope.base(), rope.neox(), rope.scaling());
      case Op.Attention attention ->
          new Op.Attention(
              attention.heads(),
              attention.keyValueHeads(),
              size,
              (float) (1 / Math.sqrt(size)),
              0,
              0);
      default -> op;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact", "llama", "int8", "a8-token", "a8-tensor"})
  void aSequenceDoesNotDependOnItsCompanyNorOnTheWorkers(String as) {
    Arithmetic arithmetic = Arithmetic.parse(as);
    Model model = quantized("Q4_K");
    int[][] tokens = tokens(3, 21);
    float[][] together = logits(model, arithmetic, WORKERS, tokens);
    try (Workers one = new LocalWorkers(1)) {
      for (int s = 0; s < tokens.length; s++) {
        float[][] alone = logits(model, arithmetic, one, new int[][] {tokens[s]});
        for (int t = 0; t < 21; t++) {
          assertThat(together[s * 21 + t]).containsExactly(alone[t]);
        }
      }
    }
  }

  @Test
  void aPrefixGivesTheSameLogits() {
    Model model = TinyLlama.seeded(1).model();
    int[][] tokens = tokens(1, 60);
    float[][] all = logits(model, Arithmetic.EXACT, WORKERS, tokens);
    int[][] prefix = {Arrays.copyOf(tokens[0], 23)};
    float[][] early = logits(model, Arithmetic.EXACT, WORKERS, prefix);
    for (int t = 0; t < 23; t++) {
      assertThat(all[t]).containsExactly(early[t]);
    }
  }

  /// Q8_0 activations carry about half a per cent of noise; weights as they decode would give none.
  @ParameterizedTest
  @CsvSource({"Q8_0", "Q4_1", "Q4_K", "F16"})
  void asLlamaCppRunsItDiffersByTheNoiseOfActivations(String format) {
    Model model = quantized(format);
    float[][] exact = logits(model, Arithmetic.EXACT, WORKERS, tokens(2, 33));
    float[][] llama = logits(model, Arithmetic.LLAMA, WORKERS, tokens(2, 33));
    double noise = relativeDifference(exact, llama);
    assertThat(noise)
        .isBetween(format.equals("F16") ? 5e-5 : 1e-3, format.equals("F16") ? 2e-3 : 4e-2);
  }

  private static double relativeDifference(float[][] a, float[][] b) {
    double squares = 0;
    double differences = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        squares += (double) a[i][j] * a[i][j];
        differences += Math.pow(a[i][j] - b[i][j], 2);
      }
    }
    return Math.sqrt(differences / squares);
  }

  @Test
  void tellsTheTapWhatEveryLinearLayerReads() {
    Model model = TinyLlama.seeded(1).model();
    Engine engine = new Engine(model, Arithmetic.EXACT, WORKERS);
    Map<String, Activations> seen = new LinkedHashMap<>();
    Activations hidden = engine.embed(tokens(2, 9));
    float[] before = hidden.values().clone();
    engine.run(model.blocks().get(1), hidden, seen::put);
    assertThat(hidden.values()).containsExactly(before);
    assertThat(seen.keySet()).containsExactlyElementsOf(Model.linears(model.blocks().get(1)));
    assertThat(seen.get("blk.1.attn_q.weight")).isSameAs(seen.get("blk.1.attn_v.weight"));
    assertThat(seen.get("blk.1.ffn_down.weight").width()).isEqualTo(128);
    assertThat(seen.get("blk.1.ffn_down.weight").rows()).isEqualTo(18);
  }

  /// A collector may hold the inputs of one run while the same engine makes the next.
  @Test
  void whatATapOrACallerHoldsIsNotOverwrittenByTheNextRun() {
    Model model = TinyLlama.seeded(1).model();
    Engine engine = new Engine(model, Arithmetic.EXACT, WORKERS);
    Activations first = engine.embed(tokens(2, 9));
    Map<String, Activations> held = new LinkedHashMap<>();
    Activations second = engine.run(model.blocks().getFirst(), first, held::put);
    Map<String, float[]> copies = new LinkedHashMap<>();
    held.forEach((name, inputs) -> copies.put(name, inputs.values().clone()));
    float[] copy = second.values().clone();
    engine.run(
        model.blocks().getLast(), engine.embed(new int[][] {{1, 2, 3}, {4, 5, 6}}), Tap.NONE);
    engine.run(model.blocks().getLast(), second, Tap.NONE);
    assertThat(second.values()).containsExactly(copy);
    held.forEach(
        (name, inputs) -> assertThat(inputs.values()).as(name).containsExactly(copies.get(name)));
  }

  @Test
  void headGivesTheChosenRowsInOrder() {
    Model model = TinyLlama.seeded(1).model();
    Engine engine = new Engine(model, Arithmetic.EXACT, WORKERS);
    Activations hidden = engine.embed(tokens(3, 200));
    int[] rows = IntStream.range(0, 600).map(i -> 599 - i).toArray();
    float[][] backwards = head(engine, hidden, rows);
    float[][] forwards = head(engine, hidden, IntStream.range(0, 600).toArray());
    for (int i = 0; i < 600; i++) {
      assertThat(backwards[i]).containsExactly(forwards[599 - i]);
    }
  }

  @Test
  void namesWhatIsWrongWithTokens() {
    Engine engine = new Engine(TinyLlama.seeded(1).model(), Arithmetic.EXACT, WORKERS);
    assertThatThrownBy(() -> engine.embed(new int[][] {{1, 2}, {3}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sequence 1 has 1 tokens");
    assertThatThrownBy(() -> engine.embed(new int[][] {{264}}))
        .hasMessageContaining("token 264 is not among the 264");
  }

  @Test
  void refusesAModelKnownByNameOnly() {
    Model unknown = new Model(List.of(), new LinkedHashMap<>(), new LinkedHashMap<>());
    assertThatThrownBy(() -> new Engine(unknown, Arithmetic.EXACT, WORKERS))
        .hasMessageContaining("not run");
  }

  private static float[][] logits(
      Model model, Arithmetic arithmetic, Workers workers, int[][] tokens) {
    Engine engine = new Engine(model, arithmetic, workers);
    Activations hidden = engine.embed(tokens);
    for (Stage block : model.blocks()) {
      hidden = engine.run(block, hidden, Tap.NONE);
    }
    return head(engine, hidden, IntStream.range(0, hidden.rows()).toArray());
  }

  private static float[][] head(Engine engine, Activations hidden, int[] rows) {
    float[][] all = new float[rows.length][];
    engine.head(
        hidden,
        rows,
        Tap.NONE,
        (first, count, logits) -> {
          int width = TinyLlama.VOCABULARY;
          for (int i = 0; i < count; i++) {
            all[first + i] = Arrays.copyOfRange(logits, i * width, (i + 1) * width);
          }
        });
    return all;
  }

  private static int[][] tokens(int sequences, int length) {
    Random random = new Random(5);
    int[][] tokens = new int[sequences][];
    for (int s = 0; s < sequences; s++) {
      tokens[s] = random.ints(length, 0, TinyLlama.VOCABULARY).toArray();
    }
    return tokens;
  }

  /// The wide tiny llama with every matrix in one format.
  private static Model quantized(String id) {
    Model model = TinyLlama.wide(2).model();
    WeightFormat format = (WeightFormat) NumberFormats.named(id);
    List<Tensor> replacements =
        model.tensors().values().stream()
            .filter(tensor -> tensor.shape().rows() > 1)
            .map(tensor -> encoded(tensor, format))
            .toList();
    return model.with(replacements);
  }

  private static Tensor encoded(Tensor tensor, WeightFormat format) {
    int rows = Math.toIntExact(tensor.shape().rows());
    int columns = tensor.shape().columns();
    float[] weights = new float[rows * columns];
    tensor.rows(0, rows, weights, 0);
    long size = Tensor.bytesOf(tensor.shape(), format);
    MemorySegment bytes = Arena.ofAuto().allocate(size, 64);
    format.fit(weights, 0, rows, columns, null).pack(bytes, 0);
    return new Tensor(tensor.name(), tensor.shape(), format, bytes);
  }

  private static void replace(SequencedMap<String, Tensor> tensors, Tensor tensor) {
    tensors.put(tensor.name(), tensor);
  }

  private static Tensor matrix(String name, int inputs, int outputs) {
    Random random = new Random(name.hashCode());
    Shape shape = Shape.of(inputs, outputs);
    NumberFormat f32 = NumberFormats.named("F32");
    float[] values = new float[inputs * outputs];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(inputs));
    }
    return new Tensor(name, shape, f32, MemorySegment.ofArray(values).asReadOnly());
  }
}
