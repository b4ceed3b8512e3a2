package halftone.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Commands in a process of their own, under limits that the shell sets.
///
/// @param sqlite folder with SQLite's library unpacked, so that a limit on files does not meet its
///   unpacking first
record HalftoneProcess(Path sqlite) {
  /// What became of a command.
  record Result(int exit, String out, String err) {}

  static HalftoneProcess in(Path folder) throws IOException {
    Path library = folder.resolve("libsqlitejdbc.so");
    String resource = "/org/sqlite/native/Linux/x86_64/libsqlitejdbc.so";
    try (InputStream in = org.sqlite.JDBC.class.getResourceAsStream(resource)) {
      if (in != null) {
        Files.copy(in, library);
      }
    }
    return new HalftoneProcess(folder);
  }

  /// Runs a command.
  ///
  /// @param limit a command of the shell that comes first, such as `ulimit -f 100`
  Result run(String limit, Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", limit + "; exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:-UsePerfData",
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.sqlite.lib.path=" + sqlite,
            "-cp",
            System.getProperty("java.class.path"),
            "halftone.app.Main"));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path out = Files.createTempFile(sqlite, "out", ".txt");
    Path err = Files.createTempFile(sqlite, "err", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int exit = process.waitFor();
    return new Result(exit, text(out), text(err));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
