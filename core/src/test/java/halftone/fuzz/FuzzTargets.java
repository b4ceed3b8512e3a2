package halftone.fuzz;

import halftone.chat.TemplateTarget;
import halftone.evidence.ImportanceTargets;
import halftone.huggingface.FolderTargets;
import halftone.model.GgufTargets;
import halftone.preset.TensorTypeTarget;
import halftone.recipe.TextRecordTarget;
import halftone.store.StoreTarget;
import halftone.tokenizer.VocabularyTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Everything that is fuzzed. One line adds a reader.
public final class FuzzTargets {
  private FuzzTargets() {}

  /// @param folder for readers that want a file
  public static List<FuzzTarget> in(Path folder) throws IOException {
    return List.of(
        GgufTargets.model(folder),
        GgufTargets.parts(folder),
        VocabularyTarget.gguf(folder),
        TemplateTarget.template(),
        ImportanceTargets.gguf(folder),
        ImportanceTargets.legacy(folder),
        TensorTypeTarget.file(folder),
        TextRecordTarget.json(),
        StoreTarget.database(folder),
        FolderTargets.safetensors(),
        FolderTargets.config(),
        FolderTargets.tokenizer(folder),
        FolderTargets.sentencePiece(folder));
  }
}
