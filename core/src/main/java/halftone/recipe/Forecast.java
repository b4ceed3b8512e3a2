package halftone.recipe;

import halftone.huggingface.ModelSources;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.ModelSource;
import halftone.model.Stage;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.Tap;
import halftone.sensitivity.Menu;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;

/// What a request will take, before it begins: time by step, from one timed block, peak memory, and
/// the sizes in reach.
///
/// @param steps an upper bound a step: finished work in the store is not subtracted
/// @param peakBytes of anonymous memory, the model's mapped file not counted
/// @param smallest bytes of the smallest file the menus allow
/// @param largest bytes of the largest
/// @param budgets bytes each target may take, in order; a loss to reach has none
/// @param memory of each target, where its budget is for that
/// @param rulings what the program that is to run the files rules out, where one was named
public record Forecast(
    SequencedMap<String, Duration> steps,
    long peakBytes,
    long smallest,
    long largest,
    int tensors,
    List<OptionalLong> budgets,
    List<Optional<Outcome.Memory>> memory,
    List<String> rulings) {
  /// Nanoseconds a weight that encoders of all menu formats take together on a sampled row, and one
  /// on a whole tensor.
  private static final double ENCODE_ALL = 3000;

  private static final double ENCODE_ONE = 100;

  /// Blocks of GPTQ's passes for one of a plain pass: three runs and two products of inputs.
  private static final double GPTQ_PASSES = 5;

  private static final int TIMED_RUNS = 12;
  private static final long BASE_BYTES = 300_000_000L;

  public static Forecast of(Request request) throws IOException {
    try (ModelSource source = ModelSources.open(request.model(), request.preTokenizer());
        Workers workers = new LocalWorkers(request.threads())) {
      Model model = ModelReader.read(source);
      SequencedMap<String, Menu> menus =
          Menus.of(model, Candidates.quantized(model), request.pins(), request.profile());
      Sizes sizes = new Sizes(model, Provenance.planned(request), source.alignment());
      long smallest = sizes.extreme(menus, true);
      return new Forecast(
          steps(request.effort(), model, menus, workers),
          peak(request.effort(), model),
          smallest,
          sizes.extreme(menus, false),
          menus.size(),
          request.targets().stream().map(target -> sizes.bytes(target.budget(), menus)).toList(),
          request.targets().stream().map(target -> sizes.memory(target.budget())).toList(),
          request.runtime() == null ? List.of() : Rulings.of(model, request.runtime()));
    }
  }

  private static SequencedMap<String, Duration> steps(
      Effort effort, Model model, SequencedMap<String, Menu> menus, Workers workers) {
    double chunk = secondsAChunk(model, workers);
    long weights = menus.values().stream().mapToLong(m -> m.tensor().shape().elements()).sum();
    double sampled =
        menus.values().stream()
            .mapToDouble(
                m ->
                    Math.min(effort.sampledRows(), m.tensor().shape().rows())
                        * (double) m.tensor().shape().columns())
            .sum();
    double encode = ENCODE_ONE * 1e-9 * weights / workers.count();
    int kinds = Menus.kinds(menus).size();
    double swaps = kinds * (effort.depths() + 1) / 2.0 + effort.outsideProbes();
    SequencedMap<String, Duration> steps = new LinkedHashMap<>();
    steps.put(
        "calibration",
        seconds(
            effort.calibrationChunks() * chunk * (effort.gptq() ? 1.5 : 1)
                + ENCODE_ALL * 1e-9 * sampled / workers.count()));
    steps.put("measured swaps", seconds(swaps * effort.allocationChunks() * chunk * 1.25 + encode));
    if (effort.gptq()) {
      steps.put("GPTQ", seconds(effort.calibrationChunks() * chunk * GPTQ_PASSES + 2 * encode));
    }
    steps.put("compare with presets", seconds(5 * (encode + effort.allocationChunks() * chunk)));
    steps.put("verification", seconds(3 * effort.verificationChunks() * chunk));
    return steps;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(1000 * seconds));
  }

  /// Time of one chunk through all blocks: the fastest of some runs of one block, since the first
  /// ones run code that is not compiled yet, times their number, and a quarter for the head.
  private static double secondsAChunk(Model model, Workers workers) {
    Engine engine = new Engine(model, Arithmetic.EXACT, workers);
    Stage block = model.blocks().getFirst();
    Activations hidden = engine.embed(new int[Engine.BATCH][Samples.CHUNK]);
    long fastest = Long.MAX_VALUE;
    for (int run = 0; run < TIMED_RUNS; run++) {
      long start = System.nanoTime();
      engine.run(block, hidden, Tap.NONE);
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    return fastest * 1e-9 / Engine.BATCH * model.blocks().size() * 1.25;
  }

  private static long peak(Effort effort, Model model) {
    Tensor embedding = embedding(model);
    long width = embedding.shape().columns();
    long vocabulary = embedding.shape().rows();
    long widest =
        model.tensors().values().stream()
            .map(Tensor::shape)
            .filter(shape -> shape.rows() > 1)
            .mapToLong(shape -> shape.columns())
            .max()
            .orElse(width);
    long streams = 2L * effort.calibrationChunks() * Samples.CHUNK * width * Float.BYTES;
    long entries =
        (long) effort.depths() * effort.allocationChunks() * Samples.CHUNK * width * Float.BYTES;
    long grams = effort.gptq() ? 8 * widest * widest * Double.BYTES : 0;
    long logits = 3L * 256 * vocabulary * Float.BYTES;
    return BASE_BYTES + streams + entries + grams + logits;
  }

  private static Tensor embedding(Model model) {
    return model.tensors().values().stream()
        .filter(tensor -> tensor.name().startsWith("token_embd"))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the model has no token embedding"));
  }
}
