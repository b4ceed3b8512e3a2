package halftone.huggingface;

import halftone.model.GgufValue;
import halftone.model.ModelSource;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// An open folder as Hugging Face keeps models: `config.json`, safetensors, and a tokenizer. Its
/// tensors have GGUF's names, shapes and types; nothing is converted before it is asked for.
public final class ModelFolder implements ModelSource {
  private static final String CONFIG = "config.json";

  private final Path path;
  private final List<Path> files;
  private final Arena arena;
  private final SequencedMap<String, GgufValue> metadata;
  private final SequencedMap<String, Tensor> tensors;
  private final Conversion conversion;

  private ModelFolder(
      Path path,
      List<Path> files,
      Arena arena,
      SequencedMap<String, GgufValue> metadata,
      SequencedMap<String, Tensor> tensors,
      Conversion conversion) {
    this.path = path;
    this.files = List.copyOf(files);
    this.arena = arena;
    this.metadata = Collections.unmodifiableSequencedMap(metadata);
    this.tensors = Collections.unmodifiableSequencedMap(tensors);
    this.conversion = conversion;
  }

  /// Opens a folder; close the result to unmap it.
  ///
  /// @param preTokenizer what GGUF calls the tokenizer's first step, where the user says so; null
  ///   to find out
  /// @throws halftone.model.MalformedFileException when a file breaks a rule of its format, or two
  ///   contradict each other
  /// @throws halftone.model.UnsupportedModelException when the architecture or the tokenizer is not
  ///   known
  /// @throws IOException when a file is missing or cannot be read
  public static ModelFolder open(Path path, @Nullable String preTokenizer) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      return open(path, preTokenizer, arena);
    } catch (IOException | RuntimeException failure) {
      arena.close();
      throw failure;
    }
  }

  private static ModelFolder open(Path path, @Nullable String preTokenizer, Arena arena)
      throws IOException {
    Path configFile = path.resolve(CONFIG);
    if (!Files.exists(configFile)) {
      throw new NoSuchFileException(
          configFile.toString(), null, "the folder is no model; name one that is, or a GGUF file");
    }
    Config config = Config.read(configFile);
    Family family = Families.of(config);
    Shards shards = Shards.map(path, arena);
    Conversion conversion = new Conversion(family, config, shards);
    VocabularyFolder vocabulary = new VocabularyFolder(path, config, family, preTokenizer);
    ArchitectureKeys keys = new ArchitectureKeys(family.id(), name(path));
    family.describe(config, keys);
    SequencedMap<String, GgufValue> tokenizer = vocabulary.keys(conversion.vocabularyRows());
    int tokens = VocabularyFolder.size(tokenizer);
    keys.size("vocab_size", tokens);
    SequencedMap<String, GgufValue> metadata = keys.values();
    metadata.putAll(tokenizer);
    List<Path> files = new ArrayList<>(List.of(configFile));
    files.addAll(vocabulary.files());
    files.addAll(shards.files());
    return new ModelFolder(path, files, arena, metadata, conversion.tensors(tokens), conversion);
  }

  private static String name(Path path) {
    return String.valueOf(path.toAbsolutePath().normalize().getFileName());
  }

  Conversion conversion() {
    return conversion;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public List<Path> files() {
    return files;
  }

  @Override
  public SequencedMap<String, GgufValue> metadata() {
    return metadata;
  }

  @Override
  public SequencedMap<String, Tensor> tensors() {
    return tensors;
  }

  @Override
  public Optional<String> origin() {
    return conversion
        .config()
        .packing()
        .map(each -> "%s codes of %d bits".formatted(each.layout(), each.bits()));
  }

  @Override
  public void close() {
    arena.close();
  }
}
