package halftone.app;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;

/// The commands of the program, in the order of the help.
final class Commands {
  /// By name, those that look at no other.
  private final SequencedMap<String, Supplier<CommandLine>> alone = new LinkedHashMap<>();

  private final Console console;

  Commands(Console console) {
    this.console = console;
    add("quantize", () -> new QuantizeCommand(console));
    add("inspect", () -> new InspectCommand(console));
    add("evaluate", () -> new EvaluateCommand(console));
    alone.put(
        "imatrix",
        () ->
            new CommandLine(new ImportanceCommand(console))
                .addSubcommand(new ImportanceShow(console)));
    add("compare", () -> new CompareCommand(console));
    add("spikes", () -> new SpikesCommand(console));
    add("blocks", () -> new BlocksCommand(console));
    add("parts", () -> new PartsCommand(console));
    add("int4", () -> new Int4Command(console));
    add("generate", () -> new GenerateCommand(console));
    add("bench", () -> new BenchCommand(console));
    add("reproduce", () -> new ReproduceCommand(console));
    add("train", () -> new TrainCommand(console));
    add("methods", () -> new MethodsCommand(console));
    add("mac", () -> new MacCommand(console));
    add("doctor", () -> new DoctorCommand(console));
  }

  private void add(String name, Supplier<Object> command) {
    alone.put(name, () -> new CommandLine(command.get()));
  }

  /// Gives the program all of its commands; where the line begins with one that looks at no other,
  /// that one alone, since to describe all of them to picocli takes a tenth of a second.
  void addTo(CommandLine program, String... arguments) {
    Supplier<CommandLine> asked = arguments.length == 0 ? null : alone.get(arguments[0]);
    if (asked != null) {
      program.addSubcommand(asked.get());
      return;
    }
    alone.values().forEach(command -> program.addSubcommand(command.get()));
    program
        .addSubcommand("generate-completion", new AutoComplete.GenerateCompletion())
        .addSubcommand(new ManCommand(console));
  }
}
