package halftone.recipe;

import halftone.text.Texts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The road in a process of its own, so that it can be killed.
final class RoadProcess {
  private static final Budget BUDGET = new Budget.Size(1_000_000);

  private RoadProcess() {}

  static Request request(Path model, Path output, Path store) throws IOException {
    return new Request(
        model,
        List.of(new Request.Target(BUDGET, output)),
        RoadTest.SMALL,
        Texts.builtIn(),
        List.of(),
        null,
        store,
        2);
  }

  static Process start(Path model, Path output, Path store) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            RoadProcess.class.getName(),
            model.toString(),
            output.toString(),
            store.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  public static void main(String[] paths) throws IOException {
    Request request = request(Path.of(paths[0]), Path.of(paths[1]), Path.of(paths[2]));
    new Road(request, Progress.SILENT).run();
  }
}
