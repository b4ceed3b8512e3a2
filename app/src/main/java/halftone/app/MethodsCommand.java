package halftone.app;

import halftone.allocation.Allocators;
import halftone.app.report.Table;
import halftone.method.Card;
import halftone.method.Method;
import halftone.method.Need;
import halftone.quantizer.PartsQuantizers;
import halftone.quantizer.Quantizers;
import halftone.sensitivity.BlockRankings;
import halftone.sensitivity.Protections;
import halftone.sensitivity.SensitivityMetrics;
import halftone.transform.Transforms;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `halftone methods`: what is built in, by room, and the page of each.
@Command(
    name = "methods",
    mixinStandardHelpOptions = true,
    description = "Lists the methods that are built in, or prints the page of one.",
    footer = {
      "",
      "Examples:",
      "  halftone methods",
      "  halftone methods gptq",
      "  halftone methods --coverage"
    })
final class MethodsCommand implements Callable<Integer> {
  private static final Pattern STATE =
      Pattern.compile("(?m)^State: (reproduced|partly|not reproduced|baseline)\\.");

  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Print this method's page.")
  private @Nullable String name;

  @Option(
      names = "--coverage",
      description = "Print which published frameworks are here, and by what parts.")
  private boolean coverage;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  MethodsCommand(Console console) {
    this.console = console;
  }

  /// Every room's list.
  static SequencedMap<String, List<Method>> rooms() {
    SequencedMap<String, List<Method>> rooms = new LinkedHashMap<>();
    rooms.put("transform", List.copyOf(Transforms.ALL));
    rooms.put("quantizer", List.copyOf(Quantizers.ALL));
    rooms.put("own layout", List.copyOf(PartsQuantizers.ALL));
    rooms.put("sensitivity", List.copyOf(SensitivityMetrics.ALL));
    rooms.put("blocks", List.copyOf(BlockRankings.ALL));
    rooms.put("protection", List.copyOf(Protections.ALL));
    rooms.put("allocation", List.copyOf(Allocators.ALL));
    return rooms;
  }

  @Override
  public Integer call() throws IOException {
    if (coverage && name != null) {
      throw new ParameterException(
          spec.commandLine(), "--coverage is of all methods; leave out '" + name + "'");
    }
    if (coverage) {
      print("coverage", Objects.requireNonNull(text("coverage.md")));
    } else if (name != null) {
      print(name, page(name));
    } else if (json) {
      console.out().println(list());
    } else {
      printList();
    }
    return ExitCode.OK;
  }

  private void print(String id, String page) {
    if (json) {
      console.out().println(new Json().put("id", id).put("page", page));
    } else {
      console.out().print(page);
    }
  }

  /// The Markdown of `docs/methods/ID.md`.
  ///
  /// @throws IllegalArgumentException listing the names, when there is no such page
  static String page(String id) throws IOException {
    String page = id.matches("[a-z0-9-]+") ? text("methods/" + id + ".md") : null;
    if (page == null) {
      throw new IllegalArgumentException(
          "no method '%s'; known are %s".formatted(id, String.join(", ", ids())));
    }
    return page;
  }

  /// A page that is built in, null when there is none of that name.
  private static @Nullable String text(String resource) throws IOException {
    try (InputStream in = MethodsCommand.class.getResourceAsStream(resource)) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> ids() {
    return rooms().values().stream()
        .flatMap(List::stream)
        .map(method -> method.card().id())
        .toList();
  }

  private void printList() throws IOException {
    Table table = new Table("room", "name", "title", "state", "needs", "paper");
    for (Map.Entry<String, List<Method>> room : rooms().entrySet()) {
      for (Method method : room.getValue()) {
        Card card = method.card();
        String needs = String.join(", ", needs(card));
        table.row(
            room.getKey(),
            card.id(),
            card.title(),
            state(card.id()),
            needs.isEmpty() ? "-" : needs,
            card.paper());
      }
    }
    table.print(console.out());
  }

  /// How far what its paper says was reproduced, as its page has it: reproduced, partly, not
  /// reproduced, or baseline for what others are compared with.
  static String state(String id) throws IOException {
    Matcher matcher = STATE.matcher(page(id));
    if (!matcher.find()) {
      throw new IllegalStateException("the page of " + id + " does not say its state");
    }
    return matcher.group(1);
  }

  private static Json list() throws IOException {
    Json json = new Json();
    for (Map.Entry<String, List<Method>> room : rooms().entrySet()) {
      List<Object> cards = new ArrayList<>();
      for (Method method : room.getValue()) {
        cards.add(json(method).map());
      }
      json.put(room.getKey(), cards);
    }
    return json;
  }

  private static Json json(Method method) throws IOException {
    Card card = method.card();
    return new Json()
        .put("id", card.id())
        .put("title", card.title())
        .put("paper", card.paper())
        .put("state", state(card.id()))
        .put("needs", needs(card))
        .put("parameters", method.toString());
  }

  private static List<String> needs(Card card) {
    return card.needs().stream()
        .sorted()
        .map(Need::name)
        .map(need -> need.toLowerCase(Locale.ROOT).replace('_', ' '))
        .collect(Collectors.toList());
  }
}
