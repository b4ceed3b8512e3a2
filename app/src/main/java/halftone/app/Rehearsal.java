package halftone.app;

import halftone.model.BuiltInModel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A short run of the commands on the built-in model. The launcher starts it once after a build
/// with `-XX:AOTCacheOutput`: what is loaded and compiled here, later starts find prepared.
final class Rehearsal {
  /// What people wait for. `MODEL` is the built-in one.
  private static final List<String> LINES =
      List.of(
          "--version",
          "quantize --help",
          "inspect MODEL",
          "evaluate MODEL --text TEXT --context 64 --chunks 2",
          "imatrix MODEL --text TEXT --context 64 --chunks 2 -o MODEL.imatrix.gguf",
          "generate MODEL -p thin -n 4",
          "quantize MODEL --preset q4_k_m -o MODEL.q4_k_m.gguf",
          "quantize MODEL --preset q6_k -o MODEL.q6_k.gguf",
          "quantize MODEL --preset iq4_xs -o MODEL.iq4_xs.gguf",
          "quantize MODEL --preset iq3_m -o MODEL.iq3_m.gguf");

  private Rehearsal() {}

  /// @param arguments a folder to work in
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path model = BuiltInModel.in(folder);
    Path text = Files.writeString(folder.resolve("text.txt"), "the thin inn ".repeat(100));
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    for (String line : LINES) {
      String[] words = line.split(" ", -1);
      for (int i = 0; i < words.length; i++) {
        words[i] = words[i].replace("MODEL", model.toString()).replace("TEXT", text.toString());
      }
      if (Main.run(new Console(nowhere, nowhere, false), words) != ExitCode.OK) {
        throw new IllegalStateException("the rehearsal failed at: " + line);
      }
    }
  }
}
