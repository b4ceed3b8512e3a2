package halftone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What the house asks of every file, in every module. Words that may stand nowhere are put
/// together here from halves, so that this file passes its own test.
class SourceRulesTest {
  private static final int LINES = 300;
  private static final int KERNEL_LINES = 500;
  private static final int FUNCTION_LINES = 60;

  /// An unrolled kernel names every register; loops over arrays of vectors would box them.
  private static final int KERNEL_FUNCTION_LINES = 80;

  private final SourceTree tree = SourceTree.read();

  @Test
  void theWholeCheckoutIsRead() {
    assertThat(tree.files()).extracting(tree::name).contains("pom.xml", "halftone", ".ci/run");
    assertThat(tree.java()).hasSizeGreaterThan(30);
  }

  @Test
  void namesSayWhatAFileIsFor() {
    Pattern vague = Pattern.compile("(Util|Helper|Manager|Common)");
    assertThat(javaFiles(file -> vague.matcher(file.getFileName().toString()).find())).isEmpty();
  }

  @Test
  void filesAreShort() {
    assertThat(
            javaFiles(
                file ->
                    SourceTree.text(file).lines().count()
                        > (file.toString().contains("kernel") ? KERNEL_LINES : LINES)))
        .isEmpty();
  }

  @Test
  void functionsAreShort() {
    assertThat(tree.functions()).hasSizeGreaterThan(100);
    assertThat(tree.functions())
        .filteredOn(
            function ->
                function.lines()
                    > (function.file().contains("kernel") ? KERNEL_FUNCTION_LINES : FUNCTION_LINES))
        .isEmpty();
  }

  @Test
  void docsAreMarkdown() {
    assertThat(lines(tree.java(), Pattern.compile("^\\s*/\\*\\*"))).isEmpty();
  }

  @Test
  void nothingIsLeftToDo() {
    Pattern unfinished = Pattern.compile("\\b(" + "TO" + "DO|FIX" + "ME)\\b");
    assertThat(lines(tree.files(), unfinished)).isEmpty();
  }

  @Test
  void onlyTheKernelRoomImportsTheVectorModule() {
    List<Path> others =
        tree.java().stream()
            .filter(
                file -> !tree.name(file).matches("core/src/(main|test)/java/halftone/kernel/.*"))
            .toList();
    assertThat(lines(others, Pattern.compile("^import jdk\\.incubator"))).isEmpty();
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> marked = new TreeSet<>();
    Set<String> packages = new TreeSet<>();
    for (Path file : tree.java()) {
      String folder = tree.name(file).replaceAll("src/(main|test)/java/|/[^/]*$", "");
      if (folder.contains("halftone")) {
        packages.add(folder);
        if (file.endsWith("package-info.java") && SourceTree.text(file).contains("NullMarked")) {
          marked.add(folder);
        }
      }
    }
    assertThat(packages).isNotEmpty().isSubsetOf(marked);
  }

  @Test
  void noFileNamesAPlaceOfOneMachineOrARegistryHost() {
    Pattern place =
        Pattern.compile(
            "(?<![\\w.])(/wo"
                + "rk/|/ro"
                + "ot/|/ho"
                + "me/\\w)|"
                + ("repo1?\\.mav" + "en|registry\\.npm" + "js|deb\\.deb" + "ian|pypi\\.o" + "rg"));
    assertThat(lines(tree.files(), place)).isEmpty();
  }

  private List<String> javaFiles(Predicate<Path> broken) {
    return tree.java().stream().filter(broken).map(tree::name).toList();
  }

  /// `file:line: text` of each line that matches, in files that are text.
  private List<String> lines(List<Path> files, Pattern pattern) {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      String text = SourceTree.text(file);
      if (text.indexOf('\0') >= 0) {
        continue;
      }
      List<String> lines = text.lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        if (pattern.matcher(lines.get(i)).find()) {
          found.add("%s:%d: %s".formatted(tree.name(file), i + 1, lines.get(i).strip()));
        }
      }
    }
    return found;
  }
}
