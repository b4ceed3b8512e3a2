package halftone.tokenizer;

import halftone.fuzz.FuzzTarget;
import halftone.model.GgufBytes;
import halftone.model.GgufFile;
import halftone.model.GgufType;
import halftone.model.GgufValue;
import halftone.model.GgufWriter;
import halftone.model.MalformedFileException;
import halftone.model.TinyLlama;
import halftone.model.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// Vocabularies of every kind in GGUF files, to damage.
public final class VocabularyTarget {
  private VocabularyTarget() {}

  public static FuzzTarget gguf(Path folder) throws IOException {
    return new FuzzTarget(
        "gguf vocabulary",
        60,
        List.of(
            file(folder, TinyLlama.seeded(1).metadata()),
            file(folder, pieces("llama")),
            file(folder, pieces("bert"))),
        input -> {
          try (GgufFile file = GgufBytes.open(FuzzTarget.FILE, input)) {
            use(Tokenizers.of(file.keys()));
          }
        },
        Set.of(MalformedFileException.class, UnsupportedModelException.class));
  }

  /// A text that a damaged vocabulary has no tokens for may be refused.
  private static void use(Tokenizer tokenizer) {
    try {
      tokenizer.decode(tokenizer.encode("the inn 1984 ▁é<|pad|></s>[MASK]", true));
    } catch (IllegalArgumentException refused) {
      if (!String.valueOf(refused.getMessage()).contains("vocabulary")) {
        throw refused;
      }
    }
  }

  private static byte[] file(Path folder, SequencedMap<String, GgufValue> keys) throws IOException {
    Path file = folder.resolve("vocabulary");
    try (GgufWriter writer = GgufWriter.create(file, keys, List.of(), List.of())) {
      writer.commit();
    }
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    return bytes;
  }

  private static SequencedMap<String, GgufValue> pieces(String model) {
    List<String> pieces = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int value = 0; value < 256; value++) {
      pieces.add("<0x%02X>".formatted(value));
    }
    pieces.addAll(List.of("▁", "t", "h", "e", "▁t", "he", "▁the", "i", "n", "in", "[MASK]"));
    List<GgufValue> texts = new ArrayList<>();
    List<GgufValue> scores = new ArrayList<>();
    List<GgufValue> types = new ArrayList<>();
    for (int id = 0; id < pieces.size(); id++) {
      texts.add(new GgufValue.Text(pieces.get(id)));
      scores.add(new GgufValue.F32(-id));
      types.add(new GgufValue.I32(id == 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1));
    }
    SequencedMap<String, GgufValue> keys = new LinkedHashMap<>();
    keys.put("general.architecture", new GgufValue.Text("llama"));
    keys.put("tokenizer.ggml.model", new GgufValue.Text(model));
    keys.put("tokenizer.ggml.tokens", new GgufValue.Array(GgufType.STRING.id(), texts));
    keys.put("tokenizer.ggml.scores", new GgufValue.Array(GgufType.FLOAT32.id(), scores));
    keys.put("tokenizer.ggml.token_type", new GgufValue.Array(GgufType.INT32.id(), types));
    keys.put("tokenizer.ggml.bos_token_id", new GgufValue.U32(1));
    keys.put("tokenizer.ggml.eos_token_id", new GgufValue.U32(2));
    keys.put("tokenizer.ggml.unknown_token_id", new GgufValue.U32(0));
    return keys;
  }
}
