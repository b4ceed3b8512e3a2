package halftone.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The manual in troff with the `man` macros (man-pages(7), groff_man(7)), written from the same
/// model that `--help` is: they cannot differ.
final class ManPage {
  /// What the process returns; `docs/exit-codes.md` says more.
  private static final Map<Integer, String> EXITS =
      new TreeMap<>(
          Map.of(
              ExitCode.OK,
              "Done.",
              ExitCode.FAILED,
              "Something in the input or on this machine; the message names the remedy.",
              ExitCode.USAGE,
              "The command line itself.",
              ExitCode.INFEASIBLE,
              "The budget cannot be met; the message names the smallest size that can.",
              ExitCode.DEFECT,
              "A defect of Halftone; please report it with the stack trace.",
              ExitCode.INTERRUPTED,
              "Stopped by Ctrl-C; the same command goes on from there."));

  private final StringBuilder text = new StringBuilder();

  private ManPage() {}

  /// The whole manual of a program and its commands.
  static String of(CommandLine program) {
    ManPage page = new ManPage();
    CommandSpec spec = program.getCommandSpec();
    String version = program.getCommandSpec().version()[0];
    page.line(".TH HALFTONE 1 \"\" \"%s\" \"User Commands\"".formatted(version));
    page.line(".nh"); // options are not hyphenated, and lines are not stretched
    page.line(".ad l");
    page.section("NAME");
    page.line("halftone \\- " + escaped(sentence(spec)));
    page.section("SYNOPSIS");
    visible(program).forEach(page::synopsis);
    page.section("DESCRIPTION");
    page.paragraph(
        "Give it a language model and a size, and it returns the best GGUF file it can find that fits,"
            + " measured beside llama.cpp's presets on text that nothing has seen.");
    page.section("COMMANDS");
    visible(program).forEach(page::command);
    page.section("EXIT STATUS");
    EXITS.forEach((code, meaning) -> page.term(code.toString(), meaning));
    page.section("ENVIRONMENT");
    page.term(
        "HALFTONE_JAVA_OPTIONS",
        "Options for the Java virtual machine, such as -Xmx8g for a large model.");
    page.term("JAVA_HOME", "The JDK 25 to use, rather than the first that is found.");
    page.section("FILES");
    page.term(
        ".halftone/",
        "Beside the model: everything measured and made. A run that was stopped goes on from there;"
            + " it may be deleted.");
    page.section("EXAMPLES");
    page.footer(spec);
    return page.text.toString();
  }

  /// The commands, and after each those below it.
  private static List<CommandLine> visible(CommandLine program) {
    List<CommandLine> all = new ArrayList<>();
    for (CommandLine command : program.getSubcommands().values()) {
      if (!command.getCommandSpec().usageMessage().hidden()) {
        all.add(command);
        all.addAll(visible(command));
      }
    }
    return all;
  }

  private void synopsis(CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    String usage = command.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
    line(".HP");
    line(".B " + escaped(name));
    line(escaped(usage.replaceFirst(Pattern.quote(name), "").strip()));
  }

  private void command(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    Help.IParamLabelRenderer labels = command.getHelp().parameterLabelRenderer();
    line(".SS " + escaped(spec.qualifiedName()));
    paragraph(sentence(spec));
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      if (!parameter.hidden()) {
        term(parameter.paramLabel(), joined(parameter.description()));
      }
    }
    for (OptionSpec option : spec.options()) {
      if (!option.hidden() && !option.usageHelp() && !option.versionHelp()) {
        String label = labels.renderParameterLabel(option, Help.Ansi.OFF, List.of()).toString();
        term(String.join(", ", option.names()) + label, joined(option.description()));
      }
    }
    footer(spec);
  }

  /// Sentences as a paragraph, examples as they stand.
  private void footer(CommandSpec spec) {
    List<String> sentences = new ArrayList<>();
    List<String> examples = new ArrayList<>();
    for (String footer : spec.usageMessage().footer()) {
      if (footer.startsWith("  ")) {
        examples.add(footer.strip());
      } else if (!footer.isBlank() && !footer.equals("Examples:")) {
        sentences.add(footer);
      }
    }
    if (!sentences.isEmpty()) {
      paragraph(String.join(" ", sentences));
    }
    if (!examples.isEmpty()) {
      line(".PP");
      line(".EX");
      examples.forEach(example -> line(escaped(example)));
      line(".EE");
    }
  }

  private static String sentence(CommandSpec spec) {
    return joined(spec.usageMessage().description());
  }

  private static String joined(String[] lines) {
    return String.join(" ", lines);
  }

  private void section(String name) {
    line(".SH " + name);
  }

  private void paragraph(String words) {
    line(".PP");
    line(escaped(words));
  }

  private void term(String name, String meaning) {
    line(".TP");
    line(".B " + escaped(name));
    line(escaped(meaning));
  }

  private void line(String troff) {
    text.append(troff).append('\n');
  }

  /// Text that troff prints as it is: no escape, no hyphen instead of a minus, no request at the
  /// start of a line, and nothing beyond ASCII.
  private static String escaped(String words) {
    StringBuilder escaped = new StringBuilder();
    words
        .replaceAll("\\s+", " ")
        .codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '\\' -> escaped.append("\\e");
                case '-' -> escaped.append("\\-");
                case '"' -> escaped.append("\\(dq");
                default -> {
                  if (point < 0x80) {
                    escaped.appendCodePoint(point);
                  } else {
                    escaped.append("\\[u%04X]".formatted(point));
                  }
                }
              }
            });
    return (words.startsWith(".") || words.startsWith("'") ? "\\&" : "") + escaped;
  }
}
