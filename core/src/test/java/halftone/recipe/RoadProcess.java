package halftone.recipe;

import halftone.kernel.VectorUnit;
import halftone.text.Texts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /// Prints the width of its vectors in bits, and walks.
  static Process start(Path model, Path output, Path store, String... flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(flags));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            RoadProcess.class.getName(),
            model.toString(),
            output.toString(),
            store.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  public static void main(String[] paths) throws IOException {
    System.out.println(VectorUnit.bits());
    Request request = request(Path.of(paths[0]), Path.of(paths[1]), Path.of(paths[2]));
    new Road(request, Progress.SILENT).run();
  }
}
