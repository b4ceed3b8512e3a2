import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Makes the two F16 models that tests quantize from, with the program beside the project that
/// computes them. Started by Maven where they are missing; does nothing without the shared folder.
///
/// Arguments: the shared folder, and the folder to make them in.
void main(String[] arguments) throws IOException, InterruptedException {
  Path shared = Path.of(arguments[0]);
  Path program = shared.resolve("tools/ReferenceModels.java");
  Path source = shared.resolve("models/SmolLM2-135M-Instruct.Q4_1.gguf");
  if (!Files.exists(program) || !Files.exists(source)) {
    IO.println("reference models: nothing to make them from in " + shared + "; their tests skip");
    return;
  }
  Path folder = Files.createDirectories(Path.of(arguments[1]));
  try (FileChannel lock =
      FileChannel.open(
          folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
    lock.lock();
    make(program, source, folder);
  }
}

void make(Path program, Path source, Path folder) throws IOException, InterruptedException {
  List<String> names = List.of("smollm2-135m-f16.gguf", "smollm2-135m-aligned-f16.gguf");
  if (names.stream().allMatch(name -> Files.exists(folder.resolve(name)))) {
    return;
  }
  IO.println("reference models: making them in " + folder + " (once, 655 MB)");
  Path unfinished = Files.createDirectories(folder.resolve("unfinished"));
  String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
  Process process =
      new ProcessBuilder(java, program.toString(), source.toString(), unfinished.toString())
          .inheritIO()
          .start();
  if (process.waitFor() != 0) {
    throw new IllegalStateException(program + " failed");
  }
  for (String name : names) {
    Files.move(unfinished.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }
  Files.delete(unfinished);
}
