package halftone.torch;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.evaluation.Evaluator;
import halftone.evaluation.Reference;
import halftone.evaluation.ScoredText;
import halftone.evidence.InputMoments;
import halftone.evidence.Labels;
import halftone.evidence.MomentCollector;
import halftone.evidence.RowGradientCollector;
import halftone.evidence.RowGradients;
import halftone.model.BuiltInModel;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.Stage;
import halftone.numeric.NumberFormats;
import halftone.parts.Composite;
import halftone.quantizer.GroupGptq;
import halftone.quantizer.LayerKnowledge;
import halftone.quantizer.LdlFactor;
import halftone.quantizer.MixLlm;
import halftone.quantizer.NearestCodes;
import halftone.quantizer.SqueezeLlm;
import halftone.recipe.Draws;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.text.BuiltIn;
import halftone.text.Chunks;
import halftone.text.Texts;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the cards of methods by gradients say of a small language model, on the built-in one: every
/// weight of the blocks at one width, mean KL divergence, ten draws of text.
@Tag("slow")
class GradientMethodsClaimsTest {
  private static final int CALIBRATION = 8;
  private static final int EVALUATION = 4;
  private static final int CHUNK = 512;
  private static final int BITS = 3;
  private static final double SHARE = 0.1;

  @TempDir private static Path folder;
  private static final Workers WORKERS = new LocalWorkers(2);
  private static GgufFile file;
  private static Model model;
  private static Chunks calibration;
  private static Chunks verification;

  @BeforeAll
  static void open() throws IOException {
    file = GgufReader.open(BuiltInModel.in(folder));
    model = ModelReader.read(file);
    Texts texts = Texts.of(BuiltIn.Collection.CORPUS);
    calibration = Chunks.of(texts.calibration(), Tokenizers.of(file.keys()), CHUNK);
    verification = Chunks.of(texts.verification(), Tokenizers.of(file.keys()), CHUNK);
  }

  @AfterAll
  static void close() throws IOException {
    WORKERS.close();
    file.close();
  }

  private static int rows(String name) {
    return Math.toIntExact(model.tensors().get(name).shape().rows());
  }

  private static int columns(String name) {
    return model.tensors().get(name).shape().columns();
  }

  private static Tensor floats(String name, long rows, int columns, float[] values) {
    return new Tensor(
        name, Shape.of(columns, rows), NumberFormats.named("F32"), MemorySegment.ofArray(values));
  }

  /// Of all rows of the weights of the blocks.
  private static Map<String, RowGradients> gradients(int[][] text) {
    Map<String, RowGradients> found = new LinkedHashMap<>();
    new TorchGradients(2)
        .differentiate(
            model,
            text,
            Labels.NEXT_TOKEN,
            0,
            new RowGradientCollector(
                name -> name.startsWith("blk.") ? IntStream.range(0, rows(name)).toArray() : null,
                WORKERS,
                (stage, some) ->
                    some.forEach(
                        (name, samples) -> {
                          float[] all = new float[samples.size() * rows(name) * columns(name)];
                          int at = 0;
                          for (float[] sample : samples) {
                            System.arraycopy(sample, 0, all, at, sample.length);
                            at += sample.length;
                          }
                          long count = (long) samples.size() * rows(name);
                          found.put(
                              name,
                              new RowGradients(
                                  samples.size(),
                                  rows(name),
                                  floats(name, count, columns(name), all)));
                        })));
    return found;
  }

  private static Map<String, InputMoments> moments(int[][] text) {
    Engine engine = new Engine(model, Arithmetic.EXACT, WORKERS);
    List<Activations> streams = new ArrayList<>(engine.embedInBatches(text));
    Map<String, InputMoments> moments = new HashMap<>();
    for (Stage block : model.blocks()) {
      MomentCollector collector = new MomentCollector(block, true, WORKERS);
      streams.replaceAll(
          stream -> {
            Activations behind = engine.run(block, stream, collector);
            collector.release(behind);
            return behind;
          });
      moments.putAll(collector.moments());
    }
    return moments;
  }

  private static Evaluator evaluator(long draw) {
    ScoredText scored = ScoredText.of(Draws.of(verification, EVALUATION, draw), CHUNK / 2);
    return new Evaluator(
        Reference.measure(model, Arithmetic.EXACT, scored, new TreeSet<>(), WORKERS), WORKERS);
  }

  private static double loss(
      Evaluator evaluator,
      Map<String, RowGradients> gradients,
      BiFunction<String, RowGradients, Composite> make) {
    List<Tensor> tensors = new ArrayList<>();
    gradients.forEach((name, each) -> tensors.add(make.apply(name, each).tensor(name)));
    return evaluator.score(model.with(tensors), Arithmetic.EXACT).meanDivergence();
  }

  private static RowGradients even(String name) {
    float[] ones = new float[rows(name) * columns(name)];
    Arrays.fill(ones, 1);
    return new RowGradients(1, rows(name), floats(name, rows(name), columns(name), ones));
  }

  private static Composite squeezed(String name, RowGradients gradients, SqueezeLlm method) {
    LayerKnowledge known = new LayerKnowledge(null, null, null, gradients);
    return method.quantize(name, model.tensors().get(name), BITS, known, WORKERS);
  }

  /// Card "squeezellm", check 6.
  @Test
  void codebooksGainByWeightsAndBySparseValues() {
    List<Map<String, Double>> draws = new ArrayList<>();
    SqueezeLlm dense = new SqueezeLlm(0, 0);
    for (long draw = 0; draw < Draws.COUNT; draw++) {
      Map<String, RowGradients> gradients = gradients(Draws.of(calibration, CALIBRATION, draw));
      Evaluator evaluator = evaluator(draw);
      Map<String, Double> losses = new LinkedHashMap<>();
      losses.put(
          "nearest",
          loss(
              evaluator,
              gradients,
              (name, each) ->
                  new NearestCodes(columns(name))
                      .quantize(
                          name, model.tensors().get(name), BITS, LayerKnowledge.NONE, WORKERS)));
      losses.put(
          "k-means", loss(evaluator, gradients, (name, each) -> squeezed(name, even(name), dense)));
      losses.put(
          "weighted", loss(evaluator, gradients, (name, each) -> squeezed(name, each, dense)));
      losses.put(
          "weighted and sparse",
          loss(evaluator, gradients, (name, each) -> squeezed(name, each, new SqueezeLlm())));
      draws.add(losses);
    }
    Draws all = new Draws(draws);
    assertThat(all.wins("k-means", "nearest")).isGreaterThanOrEqualTo(8);
    assertThat(all.wins("weighted", "k-means")).isGreaterThanOrEqualTo(8);
    assertThat(all.wins("weighted and sparse", "weighted")).isGreaterThanOrEqualTo(8);
  }

  private record Row(String weight, int index, double perByte) {}

  private static Map<String, boolean[]> promoted(List<Row> ranked) {
    Map<String, boolean[]> promoted = new HashMap<>();
    double left = 0;
    for (Row row : ranked) {
      left += SHARE * columns(row.weight());
    }
    for (Row row : ranked) {
      boolean[] chosen = promoted.computeIfAbsent(row.weight(), name -> new boolean[rows(name)]);
      if (columns(row.weight()) <= left) {
        chosen[row.index()] = true;
        left -= columns(row.weight());
      }
    }
    return promoted;
  }

  /// Card "mixllm", check 5.
  @Test
  void oneRankingOfAllRowsBeatsOneAWeightAndChance() {
    List<Map<String, Double>> draws = new ArrayList<>();
    MixLlm method = new MixLlm();
    for (long draw = 0; draw < Draws.COUNT; draw++) {
      int[][] text = Draws.of(calibration, CALIBRATION, draw);
      Map<String, RowGradients> gradients = gradients(text);
      Map<String, LayerKnowledge> known = new HashMap<>();
      moments(text)
          .forEach(
              (name, each) ->
                  known.put(
                      name,
                      new LayerKnowledge(
                          each,
                          LdlFactor.of(
                              each.requireGram(), each.width(), GroupGptq.DAMPING, WORKERS),
                          null,
                          gradients.get(name))));
      List<Row> rows = new ArrayList<>();
      gradients.forEach(
          (name, each) -> {
            double[] scores = method.scores(model.tensors().get(name), BITS, each, WORKERS);
            for (int row = 0; row < scores.length; row++) {
              rows.add(new Row(name, row, scores[row] / columns(name)));
            }
          });
      Evaluator evaluator = evaluator(draw);
      rows.sort(Comparator.comparingDouble(row -> -row.perByte()));
      Map<String, boolean[]> global = promoted(rows);
      Collections.shuffle(rows, new Random(draw));
      Map<String, boolean[]> random = promoted(rows);
      Map<String, Double> losses = new LinkedHashMap<>();
      losses.put("one ranking", mixed(evaluator, gradients, known, global));
      losses.put("random rows", mixed(evaluator, gradients, known, random));
      losses.put(
          "a share of each weight",
          loss(
              evaluator,
              gradients,
              (name, each) ->
                  method.quantize(
                      name, model.tensors().get(name), BITS, known.get(name), WORKERS)));
      draws.add(losses);
    }
    Draws all = new Draws(draws);
    assertThat(all.wins("one ranking", "random rows")).isGreaterThanOrEqualTo(9);
    assertThat(all.wins("one ranking", "a share of each weight")).isGreaterThanOrEqualTo(9);
  }

  private static double mixed(
      Evaluator evaluator,
      Map<String, RowGradients> gradients,
      Map<String, LayerKnowledge> known,
      Map<String, boolean[]> promoted) {
    return loss(
        evaluator,
        gradients,
        (name, each) ->
            new MixLlm()
                .quantize(
                    name,
                    model.tensors().get(name),
                    BITS,
                    promoted.get(name),
                    known.get(name),
                    WORKERS));
  }
}
