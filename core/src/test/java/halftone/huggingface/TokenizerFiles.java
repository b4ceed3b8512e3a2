package halftone.huggingface;

import com.grack.nanojson.JsonWriter;
import halftone.model.Metadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tokenizer's files of a folder, for tests.
record TokenizerFiles(Path folder) {
  void write(Map<String, Object> tokenizer, Map<String, Object> settings) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), JsonWriter.string(tokenizer));
    Files.writeString(folder.resolve("tokenizer_config.json"), JsonWriter.string(settings));
  }

  /// What they become beside an embedding of so many rows.
  Metadata keys(int rows, @Nullable String preTokenizer) throws IOException {
    Config config = Config.of(JsonObject.parse("config.json", "{}"));
    return new Metadata(
        "folder", new VocabularyFolder(folder, config, new LlamaFamily(), preTokenizer).keys(rows));
  }
}
