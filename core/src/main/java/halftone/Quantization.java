package halftone;

import halftone.kvcache.CachePolicy;
import halftone.preset.TensorTypeFile;
import halftone.preset.TensorTypeRule;
import halftone.recipe.Budget;
import halftone.recipe.Effort;
import halftone.recipe.Outcome;
import halftone.recipe.Progress;
import halftone.recipe.Request;
import halftone.recipe.Rewriting;
import halftone.recipe.Road;
import halftone.recipe.RuntimeProfile;
import halftone.recipe.Scoring;
import halftone.recipe.SelfText;
import halftone.text.FileRange;
import halftone.text.Texts;
import halftone.workers.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One file to make: from a model and a budget to a proven file. Only a budget must be set, the
/// rest has defaults; what is set twice has its last value. To be used by one thread.
///
/// Measurements and finished tensors are kept in the store. A second file of the same model, or the
/// same one again after it was stopped, finds them there.
public final class Quantization {
  private final Path model;
  private final Path output;
  private final List<TensorTypeRule> pins = new ArrayList<>();
  private @Nullable Budget budget;
  private @Nullable Texts texts;
  private Effort effort = Effort.BALANCED;
  private Rewriting rewriting = Rewriting.NONE;
  private @Nullable Scoring scoring;
  private @Nullable Path importance;
  private @Nullable String preTokenizer;
  private boolean isSelfCalibrated;
  private @Nullable RuntimeProfile runtime;
  private Path store;
  private int threads = Runtime.getRuntime().availableProcessors();
  private Progress progress = Progress.SILENT;
  private Cancellation cancellation = Cancellation.NEVER;

  Quantization(Path model, Path output) {
    this.model = model;
    this.output = output;
    this.store = Request.usualStore(model);
  }

  /// What the file may cost.
  public Quantization budget(Budget most) {
    budget = most;
    return this;
  }

  /// The budget: at most so many bytes of file, metadata counted.
  public Quantization size(long bytes) {
    return budget(new Budget.Size(bytes));
  }

  /// The budget: at most so many bits a weight, 8 × bytes of all tensors ÷ their elements.
  public Quantization bits(double bitsPerWeight) {
    return budget(new Budget.Bits(bitsPerWeight));
  }

  /// The budget: at most so much memory for the file and all that running it takes.
  ///
  /// @param context tokens of the longest text, prompt and answer; keys and values in f16
  public Quantization fit(long memory, int context) {
    return budget(new Budget.Fit(memory, context, CachePolicy.F16));
  }

  /// The three texts that calibrate, choose and prove: without, a small built-in mix.
  public Quantization texts(Texts three) {
    texts = three;
    return this;
  }

  /// One UTF-8 file, split into the three texts: half, a quarter, a quarter.
  ///
  /// @throws IOException when it cannot be read
  /// @throws halftone.text.OverlapException when the parts share a passage
  public Quantization text(Path file) throws IOException {
    return texts(Texts.split(FileRange.whole(file)));
  }

  /// Calibrates on text that the model writes itself, in place of that of the three.
  public Quantization selfCalibrated() {
    isSelfCalibrated = true;
    return this;
  }

  /// What formats are scored by: [Scoring#usual] for the effort unless set. Metrics of gradients
  /// need the module `torch`.
  public Quantization scoring(Scoring by) {
    scoring = by;
    return this;
  }

  /// Which rewrite of the network is quantized: the network as it is unless set.
  public Quantization rewriting(Rewriting by) {
    rewriting = by;
    return this;
  }

  /// What GGUF calls the first step of the tokenizer of a folder whose own is not recognized, such
  /// as `llama-bpe`.
  public Quantization preTokenizer(String name) {
    preTokenizer = name;
    return this;
  }

  /// How much is read and measured: [Effort#BALANCED] unless set.
  public Quantization effort(Effort much) {
    effort = much;
    return this;
  }

  /// Fixes the format of every tensor whose name matches, as in `pin("ffn_down", "q6_k")`; the
  /// first match wins.
  ///
  /// @throws IllegalArgumentException when the pattern is no regular expression or no format has
  ///   this name
  public Quantization pin(String pattern, String format) {
    pins.add(TensorTypeFile.parse(pattern + "=" + format, "pin"));
    return this;
  }

  /// An importance-matrix file to encode with, instead of importance from the calibration text.
  public Quantization importance(Path file) {
    importance = file;
    return this;
  }

  /// The folder of finished work: `.halftone` beside the model unless set.
  public Quantization store(Path folder) {
    store = folder;
    return this;
  }

  /// Threads that work at once: all processors unless set. The file does not depend on it.
  ///
  /// @param count at least 1
  public Quantization threads(int count) {
    threads = count;
    return this;
  }

  /// Who hears how far it has come.
  public Quantization progress(Progress listener) {
    progress = listener;
    return this;
  }

  /// Who may stop it.
  public Quantization cancellation(Cancellation token) {
    cancellation = token;
    return this;
  }

  /// What is to run the file; formats that it cannot run are left out.
  public Quantization runtime(RuntimeProfile program) {
    runtime = program;
    return this;
  }

  /// Does the work, in this thread and some of its own, which end with it.
  ///
  /// @return what became the file and why, its rivals, and the measured proof
  /// @throws IllegalArgumentException when no budget is set, or something in the input is wrong;
  ///   the message names file, field and remedy
  /// @throws halftone.workers.CancelledException when the cancellation asked for it: finished work
  ///   is in the store, and there is no output, not even a part of one
  /// @throws halftone.allocation.InfeasibleBudgetException when nothing fits the budget, with the
  ///   smallest that does
  /// @throws halftone.model.MalformedFileException when the model is no sound GGUF file
  /// @throws halftone.model.UnsupportedModelException when the network cannot be run
  /// @throws halftone.store.StoreException when the store cannot be used
  /// @throws IOException when a file cannot be read or written
  public Outcome run() throws IOException {
    if (budget == null) {
      throw new IllegalArgumentException("give a budget: size, bits, fit or budget");
    }
    Request request =
        new Request(
            model,
            List.of(new Request.Target(budget, output)),
            effort,
            rewriting,
            scoring == null ? Scoring.usual(effort) : scoring,
            texts == null ? Texts.builtIn() : texts,
            pins,
            importance,
            preTokenizer,
            isSelfCalibrated ? SelfText.of(effort) : null,
            runtime,
            store,
            threads);
    return new Road(request, progress, cancellation).run().getFirst();
  }
}
