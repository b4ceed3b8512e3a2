package halftone.recipe;

import halftone.evaluation.Evaluator;
import halftone.evaluation.Reference;
import halftone.evaluation.ScoredText;
import halftone.model.BuiltInModel;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.quantizer.PartsQuantizer;
import halftone.runtime.Arithmetic;
import halftone.store.ExperimentStore;
import halftone.tensor.Tensor;
import halftone.text.BuiltIn;
import halftone.text.Chunks;
import halftone.text.Texts;
import halftone.tokenizer.Tokenizer;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The built-in model, every weight of its blocks made at one width in several ways, and what that
/// loses on draws of text.
final class SmallModel implements AutoCloseable {
  static final int CALIBRATION = 8;
  private static final int EVALUATION = 4;

  final Workers workers = new LocalWorkers(2);
  final Tokenizer tokenizer;
  final Workshop shop;
  private final GgufFile file;
  private final ExperimentStore store;
  private final Chunks calibration;
  private final Chunks verification;

  SmallModel(Path folder) throws IOException {
    file = GgufReader.open(BuiltInModel.in(folder));
    store = ExperimentStore.open(folder.resolve("store"), line -> {});
    tokenizer = Tokenizers.of(file.keys());
    Texts texts = Texts.of(BuiltIn.Collection.CORPUS);
    calibration = Chunks.of(texts.calibration(), tokenizer, Samples.CHUNK);
    verification = Chunks.of(texts.verification(), tokenizer, Samples.CHUNK);
    shop =
        new Workshop(ModelReader.read(file), "built-in", workers, new Memo(store), Progress.SILENT);
  }

  @Override
  public void close() throws IOException {
    workers.close();
    store.close();
    file.close();
  }

  /// One way to make the weights of the blocks.
  record Way(String name, Workshop network, PartsQuantizer method, int bits, Arithmetic as) {}

  Way way(String name, PartsQuantizer method, int bits) {
    return new Way(name, shop, method, bits, Arithmetic.EXACT);
  }

  /// The same function with other weights.
  Workshop rewritten(Model model, String id) {
    return new Workshop(model, "built-in, " + id, workers, shop.memo(), Progress.SILENT);
  }

  /// The beginning of the calibration text.
  Chunks calibration() {
    return calibration.first(CALIBRATION);
  }

  int[][] calibration(long draw) {
    return Draws.of(calibration, CALIBRATION, draw);
  }

  Draws draws(List<Way> ways) {
    List<Map<String, Double>> draws = new ArrayList<>();
    for (long draw = 0; draw < Draws.COUNT; draw++) {
      draws.add(losses(ways, calibration(draw), draw));
    }
    return new Draws(draws);
  }

  /// Losses of the ways on one draw, all after one pass of the calibration text a network.
  Map<String, Double> losses(List<Way> ways, int[][] text, long draw) {
    List<Run> runs = new ArrayList<>();
    for (Workshop network : ways.stream().map(Way::network).distinct().toList()) {
      List<Way> own = ways.stream().filter(way -> way.network() == network).toList();
      quantized(own, network, text)
          .forEach((way, model) -> runs.add(new Run(way.name(), model, way.as())));
    }
    return losses(runs, draw);
  }

  /// A network to run, and how.
  record Run(String name, Model model, Arithmetic as) {}

  Map<String, Double> losses(List<Run> runs, long draw) {
    ScoredText scored = ScoredText.of(Draws.of(verification, EVALUATION, draw), Samples.CHUNK / 2);
    Evaluator evaluator =
        new Evaluator(
            Reference.measure(shop.model(), Arithmetic.EXACT, scored, new TreeSet<>(), workers),
            workers);
    Map<String, Double> losses = new LinkedHashMap<>();
    runs.forEach(
        run -> losses.put(run.name(), evaluator.score(run.model(), run.as()).meanDivergence()));
    return losses;
  }

  static TreeSet<String> inBlocks(Model model) {
    TreeSet<String> inBlocks = new TreeSet<>();
    model.blocks().forEach(block -> inBlocks.addAll(Model.linears(block)));
    return inBlocks;
  }

  private Map<Way, Model> quantized(List<Way> ways, Workshop network, int[][] text) {
    Map<Way, List<Tensor>> made = new LinkedHashMap<>();
    ways.forEach(way -> made.put(way, new ArrayList<>()));
    TreeSet<String> inBlocks = inBlocks(network.model());
    KnowledgePass.run(
        network,
        text,
        weight -> null,
        layers ->
            layers.forEach(
                (name, known) -> {
                  if (inBlocks.contains(name)) {
                    Tensor weight = network.model().tensors().get(name);
                    made.forEach(
                        (way, tensors) ->
                            tensors.add(
                                way.method()
                                    .quantize(name, weight, way.bits(), known, workers)
                                    .tensor(name)));
                  }
                }));
    Map<Way, Model> models = new LinkedHashMap<>();
    made.forEach((way, tensors) -> models.put(way, network.model().with(tensors)));
    return models;
  }
}
