package halftone.recipe;

import halftone.huggingface.ModelSources;
import halftone.model.Architectures;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.ModelSource;
import halftone.model.UnsupportedModelException;
import halftone.store.ExperimentStore;
import halftone.tokenizer.Tokenizer;
import halftone.tokenizer.Tokenizers;
import halftone.workers.CancellableWorkers;
import halftone.workers.Cancellation;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A model's file, workers and a store, open until it is closed.
final class OpenedModel implements AutoCloseable {
  private final Place place;
  private final ModelSource source;
  private final Workers workers;
  private final ExperimentStore store;

  /// What is opened, and what with.
  ///
  /// @param preTokenizer what GGUF calls the first step of a folder's tokenizer, or null
  /// @param store folder of finished work
  record Place(Path model, @Nullable String preTokenizer, Path store, int threads) {}

  private OpenedModel(Place place, ModelSource source, Workers workers, ExperimentStore store) {
    this.place = place;
    this.source = source;
    this.workers = workers;
    this.store = store;
  }

  static OpenedModel open(Place place, Progress progress, Cancellation cancellation)
      throws IOException {
    ModelSource source = ModelSources.open(place.model(), place.preTokenizer());
    try {
      ExperimentStore store = ExperimentStore.open(place.store(), progress::note);
      Workers workers = new CancellableWorkers(new LocalWorkers(place.threads()), cancellation);
      return new OpenedModel(place, source, workers, store);
    } catch (RuntimeException failure) {
      source.close();
      throw failure;
    }
  }

  ModelSource source() {
    return source;
  }

  Tokenizer tokenizer() {
    return Tokenizers.of(source.keys());
  }

  /// Reads all of the model once: its weights must be numbers, its hash is taken.
  ///
  /// @throws UnsupportedModelException when the network cannot be run
  Workshop workshop(Progress progress) throws IOException {
    Model model = ModelReader.read(source);
    Architectures.obstacle(model)
        .ifPresent(
            reason -> {
              throw new UnsupportedModelException(reason);
            });
    QuantizedSource.warning(source, model).ifPresent(progress::note);
    SoundWeights.require(model.tensors().values(), workers);
    Memo memo = new Memo(store);
    return new Workshop(model, ModelHash.of(source, memo), workers, memo, progress);
  }

  @Override
  public void close() {
    workers.close();
    store.close();
    source.close();
  }
}
