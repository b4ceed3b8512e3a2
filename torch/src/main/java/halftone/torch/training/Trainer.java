package halftone.torch.training;

import halftone.model.Metadata;
import halftone.model.Model;
import halftone.text.Chunks;
import halftone.text.Text;
import halftone.tokenizer.BpeTrainer;
import halftone.tokenizer.Tokenizer;
import halftone.tokenizer.Tokenizers;
import halftone.torch.Memory;
import halftone.torch.Parameters;
import halftone.torch.Precision;
import halftone.workers.Cancellation;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// Trains a new network on text: learns the vocabulary, then the weights, by AdamW.
///
/// The same settings and text give the same weights bit for bit on the same machine, whatever the
/// number of threads, and also when the training was stopped and went on from its checkpoint.
public final class Trainer implements AutoCloseable {
  /// llama.cpp's name of the words that merges may not cross.
  private static final String PRE_TOKENIZER = "smollm";

  /// Chunks of held-out text that are measured during training; all of them at the end.
  private static final int GLANCE = 24;

  private static final int GLANCES = 20;

  private final TrainingSettings settings;
  private final Text text;
  private final Chunks heldOut;
  private final Path checkpoint;
  private final TrainingProgress progress;
  private final Model model;
  private final Parameters parameters;
  private final List<Tensor> weights = new ArrayList<>();
  private final AdamW optimizer;
  private final BatchGradients gradients;
  private final TrainingRows rows;
  private LossHistory history;

  /// Starts a training, or takes one up.
  ///
  /// @param checkpoint written from time to time
  /// @param resume whether to go on from that checkpoint, where there is one
  /// @throws IllegalArgumentException when the checkpoint belongs to other settings or other text
  public Trainer(
      TrainingSettings settings,
      Text text,
      Text heldOut,
      Path checkpoint,
      boolean resume,
      int threads,
      TrainingProgress progress)
      throws IOException {
    this.settings = settings;
    this.text = text;
    this.checkpoint = checkpoint;
    this.progress = progress;
    try (Checkpoint found =
        resume && Files.exists(checkpoint) ? Checkpoint.open(checkpoint) : null) {
      model = found == null ? fresh() : requireMatching(found).model();
      history = found == null ? LossHistory.EMPTY : found.history();
      parameters = new Parameters(model, Precision.FLOAT32);
      parameters.requireGradients(model.tensors().keySet());
      model.tensors().keySet().forEach(name -> weights.add(parameters.get(name)));
      optimizer = new AdamW(weights, settings.decay());
      restoreMeans(found);
    }
    Tokenizer tokenizer = Tokenizers.of(new Metadata("the new model", model.metadata()));
    int context = settings.sizes().context();
    this.heldOut = Chunks.of(heldOut, tokenizer, context);
    rows =
        new TrainingRows(
            Documents.stream(text, tokenizer), tokenizer.bos(), context, settings.seed());
    gradients = new BatchGradients(model, parameters, model.tensors().keySet(), threads);
  }

  private Model fresh() {
    List<String> documents = text.sections().stream().map(section -> section.text()).toList();
    NetworkSizes sizes = settings.sizes();
    progress.note("learning a vocabulary of " + sizes.vocabulary() + " tokens");
    return FirstWeights.model(
        sizes,
        BpeTrainer.train(documents, PRE_TOKENIZER, sizes.vocabulary()).metadata(),
        settings.seed());
  }

  private Checkpoint requireMatching(Checkpoint found) {
    if (!found.settings().equals(settings.line())) {
      throw new IllegalArgumentException(
          "%s belongs to a training with other settings:%n  %s%nnot%n  %s%ngive those, or leave out --resume"
              .formatted(checkpoint, found.settings(), settings.line()));
    }
    if (!found.text().equals(text.sha256())) {
      throw new IllegalArgumentException(
          checkpoint + " belongs to a training on other text; give that, or leave out --resume");
    }
    progress.note("going on after step " + found.history().steps());
    return found;
  }

  private void restoreMeans(@Nullable Checkpoint found) {
    if (found == null) {
      return;
    }
    int index = 0;
    for (String name : model.tensors().keySet()) {
      MemorySegment first = Memory.of(optimizer.first().get(index));
      MemorySegment second = Memory.of(optimizer.second().get(index++));
      first.copyFrom(found.bytes(Checkpoint.FIRST + name));
      second.copyFrom(found.bytes(Checkpoint.SECOND + name));
    }
  }

  /// Trains to the last step.
  ///
  /// @param every seconds between checkpoints
  /// @throws halftone.workers.CancelledException when it was asked to stop; a checkpoint is written
  ///   first
  /// @throws ArithmeticException when the loss is no longer a number
  public void run(double every, Cancellation cancellation)
      throws IOException, InterruptedException {
    run(settings.steps(), every, cancellation);
  }

  /// As [#run(double, Cancellation)], up to this step alone.
  void run(int until, double every, Cancellation cancellation)
      throws IOException, InterruptedException {
    BatchGradients.aloneOnThisThread();
    Speed speed = new Speed();
    double saved = history.seconds();
    while (history.steps() < until) {
      step(speed);
      int done = history.steps();
      if (done % Math.max(1, settings.steps() / GLANCES) == 0) {
        glance();
      }
      boolean stop = cancellation.isRequested();
      if (stop || history.seconds() - saved > every) {
        save();
        saved = history.seconds();
      }
      cancellation.check();
    }
    save();
  }

  private void step(Speed speed) throws InterruptedException {
    long start = System.nanoTime();
    int step = history.steps();
    int[][] batch = rows.rows((long) step * settings.batch(), settings.batch());
    double loss;
    try (BatchGradients.Result result = gradients.of(batch, settings.microBatch())) {
      loss = result.loss();
      if (!Double.isFinite(loss)) {
        throw new ArithmeticException(
            "the loss of step %d is %s; train with a smaller --lr".formatted(step + 1, loss));
      }
      optimizer.step(result.gradients(), step + 1, settings.learningRate(step));
    }
    double took = (System.nanoTime() - start) / 1e9;
    history = history.withStep(loss, took);
    double perSecond = speed.after(took, (long) settings.batch() * settings.sizes().context());
    int left = settings.steps() - history.steps();
    double tokensLeft = (double) left * settings.batch() * settings.sizes().context();
    progress.step(
        new TrainingProgress.Step(
            step + 1, settings.steps(), loss, perSecond, tokensLeft / perSecond));
  }

  private void glance() throws InterruptedException {
    Chunks some = heldOut.evenly(Math.min(GLANCE, heldOut.count()));
    double loss = mean(gradients.losses(some.tokens()));
    history = history.withHeldOut(loss);
    progress.note(
        String.format(
            Locale.ROOT,
            "after %.2f epochs: held-out loss %.4f, perplexity %.2f",
            rows.epochs((long) history.steps() * settings.batch()),
            loss,
            Math.exp(loss)));
  }

  private static double mean(List<Double> losses) {
    return losses.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  private void save() throws IOException {
    Checkpoint.write(checkpoint, model, settings, text.sha256(), history, weights, optimizer);
  }

  /// What was learned so far.
  public TrainedNetwork network() {
    return new TrainedNetwork(
        model, weights, settings, history, rows.epochs((long) history.steps() * settings.batch()));
  }

  @Override
  public void close() {
    gradients.close();
    optimizer.close();
    parameters.close();
  }

  /// Tokens a second, over about the last ten steps.
  private static final class Speed {
    private double seconds;
    private double tokens;

    double after(double took, long count) {
      seconds = 0.9 * seconds + took;
      tokens = 0.9 * tokens + count;
      return tokens / seconds;
    }
  }
}
