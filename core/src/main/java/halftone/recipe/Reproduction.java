package halftone.recipe;

import halftone.huggingface.ModelSources;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.MalformedFileException;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.ModelSource;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.Menu;
import halftone.store.ExperimentStore;
import halftone.tensor.Tensor;
import halftone.text.BuiltIn;
import halftone.text.Chunks;
import halftone.text.Text;
import halftone.text.TextSource;
import halftone.tokenizer.Tokenizers;
import halftone.workers.Cancellation;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Makes a file again from the model it came from and what it says of itself: its formats, its
/// texts and its recipe. Nothing is searched or measured, and the bytes are the same.
///
/// @param made the file to make again
/// @param original the model it was made from
/// @param calibration the calibration text, where the file was made with a text of the user's; the
///   texts' hashes are compared
/// @param importance the importance-matrix file, where one was brought
/// @param preTokenizer its name, where a folder's cannot be recognized
/// @param output where the copy goes
/// @param store folder of work done on the way; an empty one proves most
public record Reproduction(
    Path made,
    Path original,
    @Nullable TextSource calibration,
    @Nullable Path importance,
    @Nullable String preTokenizer,
    Path output,
    Path store,
    int threads) {
  /// Writes the copy.
  ///
  /// @throws MalformedFileException when the file has no record of this version
  /// @throws IllegalArgumentException when model, text or importance matrix are not those it was
  ///   made with
  public void run(Progress progress) throws IOException {
    try (GgufFile madeFile = GgufReader.open(made);
        ModelSource source = ModelSources.open(original, preTokenizer);
        Workers workers = new LocalWorkers(threads);
        ExperimentStore experiments = ExperimentStore.open(store, progress::note)) {
      requireOneFile(madeFile);
      Memo memo = new Memo(experiments);
      Provenance provenance = Provenance.read(madeFile.keys());
      Model model = ModelReader.read(source);
      Workshop shop = new Workshop(model, ModelHash.of(source, memo), workers, memo, progress);
      requireHash("model", original, Provenance.SOURCE, provenance, shop.modelHash());
      new Copy(shop, source, provenance, madeFile).write();
    }
  }

  private static void requireOneFile(GgufFile made) {
    if (made.files().size() > 1) {
      throw new IllegalArgumentException(
          "%s is one of %d parts, and a copy is one file; merge them with llama-gguf-split --merge"
              .formatted(made.path(), made.files().size()));
    }
  }

  /// The formats of the tensors that recipes change.
  private static SequencedMap<String, WeightFormat> formats(Model model, GgufFile made) {
    SequencedMap<String, WeightFormat> formats = new LinkedHashMap<>();
    for (String name : Candidates.quantized(model)) {
      Tensor tensor = made.tensors().get(name);
      if (tensor != null && tensor.format() instanceof WeightFormat format) {
        formats.put(name, format);
      }
    }
    return formats;
  }

  private static void requireHash(
      String what, Path path, String key, Provenance provenance, String found) {
    String wanted = provenance.entries().getOrDefault(key, "");
    if (!wanted.equals(found)) {
      throw new IllegalArgumentException(
          "%s is not the %s the file was made with: SHA-256 %s instead of %s"
              .formatted(path, what, found, wanted));
    }
  }

  /// The steps over two open files.
  private final class Copy {
    private final Workshop shop;
    private final ModelSource source;
    private final Provenance provenance;
    private final GgufFile madeFile;

    Copy(Workshop shop, ModelSource source, Provenance provenance, GgufFile madeFile) {
      this.shop = shop;
      this.source = source;
      this.provenance = provenance;
      this.madeFile = madeFile;
    }

    void write() throws IOException {
      if (provenance.isPreset()) {
        Map<String, float[]> values = presetImportance();
        SequencedMap<String, WeightFormat> changed = changed();
        shop.progress().step("encoding", changed.size());
        new ModelFile(shop.model(), provenance, sources())
            .write(output, changed, tensor -> encoded(tensor, changed, values));
      } else {
        Chunks chunks = requireChunks(chunks());
        Workshop rewritten = provenance.rewritten(shop, chunks);
        new ModelFile(rewritten.model(), provenance, sources())
            .write(output, rounded(rewritten, chunks), Cancellation.NEVER);
      }
    }

    /// What is being read, the file to compare with included.
    private List<Path> sources() {
      List<Path> files = new ArrayList<>(source.files());
      files.add(made);
      return files;
    }

    private SequencedMap<String, WeightFormat> changed() {
      SequencedMap<String, WeightFormat> changed = formats(shop.model(), madeFile);
      changed
          .entrySet()
          .removeIf(entry -> tensor(entry.getKey()).format().equals(entry.getValue()));
      return changed;
    }

    private Tensor encoded(
        Tensor tensor, Map<String, WeightFormat> changed, Map<String, float[]> values) {
      WeightFormat format = changed.get(tensor.name());
      if (format == null) {
        return tensor;
      }
      return PresetRun.encode(tensor, format, values, shop.workers(), shop.progress());
    }

    private Chunks chunks() throws IOException {
      Optional<SelfText> self = self();
      return self.isPresent()
          ? written(self.get()).chunks()
          : Samples.calibration(text(), Tokenizers.of(source.keys()), provenance.effort());
    }

    private Model rounded(Workshop rewritten, Chunks chunks) throws IOException {
      Effort effort = provenance.effort();
      SequencedMap<String, WeightFormat> formats = formats(rewritten.model(), madeFile);
      Evidence evidence =
          Evidence.gather(
              rewritten,
              menus(rewritten.model(), formats),
              chunks,
              effort,
              Scoring.usual(effort),
              given());
      return new Rounding(rewritten, chunks, evidence, effort).apply(provenance.way(), formats);
    }

    /// One format each: nothing is left to choose.
    private static SequencedMap<String, Menu> menus(
        Model model, SequencedMap<String, WeightFormat> formats) {
      SequencedMap<String, Menu> menus = new LinkedHashMap<>();
      formats.forEach(
          (name, format) ->
              menus.put(
                  name,
                  new Menu(Objects.requireNonNull(model.tensors().get(name)), List.of(format))));
      return menus;
    }

    private Evidence.@Nullable Given given() throws IOException {
      if (!provenance.entries().containsKey(Provenance.IMPORTANCE)) {
        return null;
      }
      GivenImportance brought = broughtImportance();
      return new Evidence.Given(
          Objects.requireNonNull(brought.provenance().get(Provenance.IMPORTANCE)),
          brought.values());
    }

    private Map<String, float[]> presetImportance() throws IOException {
      if (provenance.entries().containsKey(Provenance.IMPORTANCE)) {
        return broughtImportance().values();
      }
      if (!provenance.entries().containsKey(Provenance.TEXTS)) {
        return Map.of();
      }
      Optional<SelfText> self = self();
      if (self.isPresent()) {
        SelfText.Written written = written(self.get());
        requireChunks(written.chunks());
        return GivenImportance.of(written, shop.model(), shop.workers(), shop.progress()).values();
      }
      Text text = text();
      requireChunks(Chunks.of(text, Tokenizers.of(source.keys()), Samples.CHUNK));
      return GivenImportance.ofText(
              text, Tokenizers.of(source.keys()), shop.model(), shop.workers(), shop.progress())
          .values();
    }

    private GivenImportance broughtImportance() throws IOException {
      Path path = importance;
      if (path == null) {
        throw new IllegalArgumentException(
            made + " was made with an importance matrix; give that file with --imatrix");
      }
      GivenImportance brought = GivenImportance.ofFile(path, shop.model());
      requireHash(
          "importance matrix",
          path,
          Provenance.IMPORTANCE,
          provenance,
          brought.provenance().getOrDefault(Provenance.IMPORTANCE, ""));
      return brought;
    }

    /// Where the original wrote the calibration text itself, it writes it again.
    private Optional<SelfText> self() {
      return SelfText.named(calibrationRecord().name());
    }

    private SelfText.Written written(SelfText self) {
      return self.write(shop, Tokenizers.of(source.keys()));
    }

    private Text text() throws IOException {
      if (calibration != null) {
        return calibration.read();
      }
      String name = calibrationRecord().name();
      BuiltIn builtIn =
          BuiltIn.named(name)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "%s was made with the text %s; give it with --calibration"
                              .formatted(made, name)));
      return builtIn.read();
    }

    private Chunks requireChunks(Chunks found) {
      TextRecord wanted = calibrationRecord();
      if (!found.sha256().equals(wanted.chunksSha256())) {
        throw new IllegalArgumentException(
            "the text %s is not the one %s was made with, which was %s of %,d bytes"
                .formatted(found.text(), made, wanted.name(), wanted.bytes()));
      }
      return found;
    }

    private TextRecord calibrationRecord() {
      return TextRecord.calibration(
          made.toString(), provenance.entries().getOrDefault(Provenance.TEXTS, ""));
    }

    private Tensor tensor(String name) {
      return Objects.requireNonNull(shop.model().tensors().get(name));
    }
  }
}
