package halftone.evidence;

import halftone.fuzz.FuzzTarget;
import halftone.model.GgufBytes;
import halftone.model.GgufFile;
import halftone.model.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// Importance matrices to damage.
public final class ImportanceTargets {
  private ImportanceTargets() {}

  /// The GGUF form.
  public static FuzzTarget gguf(Path folder) throws IOException {
    Path file = folder.resolve("imatrix");
    ImportanceFile.write(file, matrix());
    return target(
        "imatrix gguf",
        file,
        input -> {
          try (GgufFile opened = GgufBytes.open(FuzzTarget.FILE, input)) {
            use(ImportanceFileGguf.of(opened));
          }
        });
  }

  /// The legacy form.
  public static FuzzTarget legacy(Path folder) throws IOException {
    Path file = folder.resolve("imatrix");
    ImportanceFile.writeLegacy(file, matrix());
    return target(
        "imatrix dat", file, input -> use(ImportanceFileLegacy.parse(FuzzTarget.FILE, input, 512)));
  }

  private static FuzzTarget target(String name, Path file, FuzzTarget.Reader reader)
      throws IOException {
    byte[] seed = Files.readAllBytes(file);
    Files.delete(file);
    return new FuzzTarget(name, 80, List.of(seed), reader, Set.of(MalformedFileException.class));
  }

  private static ImportanceMatrix matrix() {
    SequencedMap<String, ImportanceMatrix.Entry> entries = new LinkedHashMap<>();
    for (String name : List.of("blk.0.attn_q.weight", "blk.0.ffn_up_exps.weight")) {
      int matrices = name.contains("exps") ? 2 : 1;
      float[] counts = matrices == 2 ? new float[] {4, 0} : new float[] {5};
      entries.put(name, new ImportanceMatrix.Entry(new float[8 * matrices], counts));
    }
    return new ImportanceMatrix(entries, List.of("a", "b"), 3, 512);
  }

  private static void use(ImportanceMatrix matrix) {
    matrix.entries().keySet().forEach(matrix::importance);
  }
}
