import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// Checks or rewrites every Java file below a folder in google-java-format's style. Started by
/// Maven: `mvn verify` checks, `mvn -N verify -Dformat=write` rewrites.
///
/// Arguments: `check` or `write`, then the folder. `check` ends with an error that names the files
/// and the command above.
void main(String[] arguments) throws IOException {
  boolean write = arguments[0].equals("write");
  Path root = Path.of(arguments[1]);
  List<Path> changed = new ArrayList<>();
  for (Path file : javaFiles(root)) {
    String source = Files.readString(file);
    String formatted = formatted(file, source);
    if (!formatted.equals(source)) {
      changed.add(root.relativize(file));
      if (write) {
        Files.writeString(file, formatted);
      }
    }
  }
  changed.forEach(file -> IO.println((write ? "formatted " : "not formatted: ") + file));
  if (!write && !changed.isEmpty()) {
    throw new IllegalStateException(
        changed.size() + " files to format; run: mvn -N verify -Dformat=write");
  }
}

String formatted(Path file, String source) {
  Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());
  try {
    String used = RemoveUnusedImports.removeUnusedImports(source);
    return formatter.formatSource(
        ImportOrderer.reorderImports(used, JavaFormatterOptions.Style.GOOGLE));
  } catch (FormatterException cannotParse) {
    throw new IllegalStateException(file + ": " + cannotParse.getMessage(), cannotParse);
  }
}

List<Path> javaFiles(Path root) throws IOException {
  List<Path> files = new ArrayList<>();
  Files.walkFileTree(
      root,
      new SimpleFileVisitor<Path>() {
        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
          String name = folder.getFileName().toString();
          boolean foreign = name.equals("target") || (name.startsWith(".") && !folder.equals(root));
          return foreign ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
          if (file.toString().endsWith(".java")) {
            files.add(file);
          }
          return FileVisitResult.CONTINUE;
        }
      });
  files.sort(null);
  return files;
}
