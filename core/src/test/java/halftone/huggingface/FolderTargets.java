package halftone.huggingface;

import com.grack.nanojson.JsonWriter;
import halftone.fuzz.FuzzTarget;
import halftone.model.GgufValue;
import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import halftone.model.UnsupportedModelException;
import halftone.tokenizer.Tokenizer;
import halftone.tokenizer.Tokenizers;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// The files of Hugging Face's folders, to damage.
public final class FolderTargets {
  private static final Set<Class<? extends Exception>> REFUSALS =
      Set.of(MalformedFileException.class, UnsupportedModelException.class, IOException.class);

  private FolderTargets() {}

  public static FuzzTarget safetensors() {
    byte[] seed =
        new SafetensorsWriter()
            .add("model.embed_tokens.weight", List.of(3L, 2L), new float[6], "F32")
            .add("scalar", List.of(), new float[] {3}, "BF16")
            .add("empty", "F8_E4M3", List.of(0L, 5L), new byte[0])
            .bytes();
    return new FuzzTarget(
        "safetensors",
        120,
        List.of(seed),
        input -> SafetensorsReader.parse(FuzzTarget.FILE, MemorySegment.ofArray(input)),
        REFUSALS);
  }

  public static FuzzTarget config() {
    List<byte[]> seeds = new ArrayList<>();
    for (TinyFolder tiny : TinyFolder.ALL) {
      seeds.add(JsonWriter.string(tiny.config()).getBytes(StandardCharsets.UTF_8));
    }
    return new FuzzTarget(
        "config.json",
        100,
        seeds,
        input -> {
          String text = JsonText.decode(FuzzTarget.FILE, input);
          Config config = Config.of(JsonObject.parse(FuzzTarget.FILE, text));
          Family family = Families.of(config);
          family.describe(config, new ArchitectureKeys(family.id(), FuzzTarget.FILE));
          family.extras(config);
        },
        REFUSALS);
  }

  /// `tokenizer.json` in a folder with intact other files.
  public static FuzzTarget tokenizer(Path folder) throws IOException {
    Path model = TinyFolder.ALL.getFirst().write(folder(folder, "-tokenizer"));
    Path file = model.resolve("tokenizer.json");
    return new FuzzTarget(
        "tokenizer.json",
        30,
        List.of(Files.readAllBytes(file)),
        input -> {
          Files.write(file, input);
          use(model);
        },
        REFUSALS);
  }

  /// `tokenizer.model`, by itself.
  public static FuzzTarget sentencePiece(Path folder) throws IOException {
    return new FuzzTarget(
        "tokenizer.model",
        20,
        List.of(sentencePiece()),
        input -> SentencePieceFile.parse(FuzzTarget.FILE, input),
        REFUSALS);
  }

  /// Three pieces with score and type, a merging trainer, and a normalizer.
  private static byte[] sentencePiece() {
    byte[] bytes = {
      0x0A, 0x0C, 0x0A, 0x05, '<', 'u', 'n', 'k', '>', 0x15, 0, 0, 0, 0, 0x0A, 0x08, 0x0A, 0x01,
      'a', 0x15, 0, 0, 0, 0, 0x0A, 0x0A, 0x0A, 0x01, 'b', 0x15, 0, 0, 0, 0, 0x18, 0x01, 0x12, 0x02,
      0x18, 0x02, 0x1A, 0x02, 0x18, 0x01
    };
    return bytes;
  }

  private static Path folder(Path folder, String name) throws IOException {
    return Files.createDirectories(folder.resolve(FuzzTarget.FILE + name));
  }

  private static void use(Path model) throws IOException {
    Config config = Config.read(model.resolve("config.json"));
    SequencedMap<String, GgufValue> keys =
        new VocabularyFolder(model, config, Families.of(config), null).keys(264);
    Tokenizer tokenizer = Tokenizers.of(new Metadata(model.toString(), keys));
    try {
      tokenizer.encode("the inn 1984 ▁é", true);
    } catch (IllegalArgumentException vocabularyLacksAByte) {
      if (!vocabularyLacksAByte.getMessage().startsWith("the vocabulary has no token for byte")) {
        throw vocabularyLacksAByte;
      }
    }
  }
}
