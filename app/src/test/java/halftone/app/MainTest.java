package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.allocation.InfeasibleBudgetException;
import halftone.method.Method;
import halftone.model.MalformedFileException;
import halftone.model.UnsupportedModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  private final Terminal terminal = new Terminal();

  @Test
  void printsItsVersion() {
    assertThat(terminal.run("--version")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).matches("halftone \\d+\\.\\d+\\.\\d+.*\\R");
  }

  @Test
  void everyCommandHasHelpWithAnExample() {
    CommandLine line = Main.commandLine(Console.standard());
    for (String name : line.getSubcommands().keySet()) {
      assertThat(terminal.run(name, "--help")).isEqualTo(ExitCode.OK);
      if (!name.equals("generate-completion")) {
        assertThat(terminal.out()).contains("Example").contains("  halftone " + name + " ");
      }
    }
    terminal.run("--help");
    assertThat(terminal.out()).contains(line.getSubcommands().keySet());
  }

  @Test
  void everyExampleInTheHelpParses() {
    CommandLine line = Main.commandLine(Console.standard());
    List<String> examples = new ArrayList<>();
    line.getSubcommands().values().forEach(command -> examples.addAll(examples(command)));
    assertThat(examples).hasSizeGreaterThan(8);
    for (String example : examples) {
      String[] words = example.strip().split(" +(?=(?:[^']*'[^']*')*[^']*$)");
      line.parseArgs(java.util.Arrays.copyOfRange(words, 1, words.length));
    }
  }

  private static List<String> examples(CommandLine command) {
    return java.util.Arrays.stream(command.getCommandSpec().usageMessage().footer())
        .filter(text -> text.startsWith("  halftone "))
        .toList();
  }

  @Test
  void writesAShellCompletion() {
    assertThat(terminal.run("generate-completion")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("_complete_halftone").contains("--against");
  }

  @Test
  void listsEveryMethodAndHasThePageOfEach() throws IOException {
    assertThat(terminal.run("methods")).isEqualTo(ExitCode.OK);
    String list = terminal.out();
    for (List<Method> methods : MethodsCommand.rooms().values()) {
      for (Method method : methods) {
        assertThat(list).contains(method.card().id()).contains(method.card().title());
        assertThat(MethodsCommand.page(method.card().id())).startsWith("# ");
        assertThat(list.lines().filter(line -> line.contains("  " + method.card().id() + "  ")))
            .singleElement()
            .asString()
            .contains(" " + MethodsCommand.state(method.card().id()) + " ");
      }
    }
    assertThat(terminal.run("methods", "gptq")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("2210.17323");
    assertThat(terminal.run("methods", "--json")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("\"parameters\":\"Gptq[damping=0.01]\"");
  }

  /// Whatever the table says is here has a page.
  @Test
  void theTableOfCoverageNamesWhatThereIs() throws IOException {
    assertThat(terminal.run("methods", "--coverage")).isEqualTo(ExitCode.OK);
    assertThat(terminal.run("methods", "--coverage", "gptq")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("leave out 'gptq'");
    assertThat(terminal.run("methods", "--coverage")).isEqualTo(ExitCode.OK);
    List<String> rows =
        terminal.out().lines().filter(line -> line.matches("\\| .* \\d{4}\\.\\d{5} .*")).toList();
    assertThat(rows).hasSizeGreaterThan(20);
    for (String row : rows) {
      String here =
          row.substring(row.lastIndexOf('|', row.length() - 2) + 1, row.length() - 1).strip();
      for (String id : here.equals("-") ? List.<String>of() : List.of(here.split(", "))) {
        assertThat(MethodsCommand.page(id.replace("`", ""))).startsWith("# ");
      }
    }
  }

  @Test
  void exceptionsBecomeExitCodes() {
    assertThat(exit(new InfeasibleBudgetException("bytes", 1, 2))).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(exit(new MalformedFileException("f", "a", "b", "c"))).isEqualTo(ExitCode.FAILED);
    assertThat(exit(new UnsupportedModelException("no"))).isEqualTo(ExitCode.FAILED);
    assertThat(exit(new IOException("No space left on device"))).isEqualTo(ExitCode.FAILED);
    assertThat(exit(new UncheckedIOException(new IOException("x")))).isEqualTo(ExitCode.FAILED);
    assertThat(exit(new ArithmeticException("a logit is NaN"))).isEqualTo(ExitCode.FAILED);
    assertThat(Failures.of(new AccessDeniedException("f")).line()).startsWith("f: access denied");
  }

  @Test
  void whatNoRoomRefusedIsADefect() {
    assertThat(exit(new NullPointerException())).isEqualTo(ExitCode.DEFECT);
    assertThat(exit(new IllegalStateException("x"))).isEqualTo(ExitCode.DEFECT);
    assertThat(exit(new ArithmeticException("/ by zero"))).isEqualTo(ExitCode.DEFECT);
    IllegalArgumentException fromTheJdk = new IllegalArgumentException("x");
    fromTheJdk.setStackTrace(
        new StackTraceElement[] {new StackTraceElement("java.util.List", "of", "List.java", 1)});
    assertThat(exit(fromTheJdk)).isEqualTo(ExitCode.DEFECT);
  }

  @Test
  void aMachineThatIsTooSmallIsNoDefect() {
    assertThat(Failures.of(new OutOfMemoryError()).line()).contains("HALFTONE_JAVA_OPTIONS");
    assertThat(exit(new OutOfMemoryError())).isEqualTo(ExitCode.FAILED);
  }

  private static int exit(Throwable thrown) {
    return Failures.of(thrown).exit();
  }

  @Test
  void theExitCodePageSaysWhatTheProgramDoes() throws IOException, IllegalAccessException {
    Path root = Path.of(System.getProperty("halftone.root", ".."));
    String page = Files.readString(root.resolve("docs/exit-codes.md"));
    Matcher rows = Pattern.compile("(?m)^\\| (\\d+) \\|").matcher(page);
    List<Integer> documented = rows.results().map(row -> Integer.valueOf(row.group(1))).toList();
    List<Integer> real = new ArrayList<>();
    for (Field code : ExitCode.class.getDeclaredFields()) {
      if (!code.isSynthetic()) {
        real.add(code.getInt(null));
      }
    }
    assertThat(documented).containsExactlyInAnyOrderElementsOf(real);
  }
}
