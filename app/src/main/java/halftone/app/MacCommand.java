package halftone.app;

import halftone.app.report.Table;
import halftone.hardware.MacUnit;
import halftone.numeric.ElementFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `halftone mac`: what products of number formats cost in hardware.
@Command(
    name = "mac",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Says how wide an accumulator must be to add up products of two number formats exactly, and ranks their"
            + " multiply-accumulate units by a proxy of their area.",
    footer = {
      "",
      "Examples:",
      "  halftone mac",
      "  halftone mac --weights E2M1,INT4 --inputs E4M3,INT8 --length 4608"
    })
final class MacCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--weights",
      split = ",",
      paramLabel = "F",
      description =
          "Element formats of weights, such as E2M1, INT4, F8_E4M3; ${DEFAULT-VALUE} by default.")
  private List<String> weights = List.of("INT4", "E2M1", "INT6", "E2M3", "INT8", "E4M3");

  @Option(
      names = "--inputs",
      split = ",",
      paramLabel = "F",
      description = "Element formats of inputs; those of the weights by default.")
  private List<String> inputs = List.of();

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Terms of a dot product; ${DEFAULT-VALUE} by default.")
  private int length = 4608;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  MacCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<MacUnit> units = units();
    if (json) {
      console
          .out()
          .println(new Json().put("units", units.stream().map(unit -> json(unit).map()).toList()));
      return ExitCode.OK;
    }
    Table table = new Table("weights", "inputs", " accumulator", " cells");
    for (MacUnit unit : units) {
      table.row(
          unit.weights().id(),
          unit.inputs().id(),
          unit.accumulatorBits() + " bits",
          Long.toString(unit.cells()));
    }
    table.print(console.out());
    return ExitCode.OK;
  }

  /// Every format of weights with every one of inputs, or with its own where none is named.
  private List<MacUnit> units() {
    List<MacUnit> units = new ArrayList<>();
    for (String weight : weights) {
      for (String input : inputs.isEmpty() ? List.of(weight) : inputs) {
        units.add(new MacUnit(ElementFormat.named(weight), ElementFormat.named(input), length));
      }
    }
    return units;
  }

  private static Json json(MacUnit unit) {
    return new Json()
        .put("weights", unit.weights().id())
        .put("inputs", unit.inputs().id())
        .put("length", unit.length())
        .put("accumulator_bits", unit.accumulatorBits())
        .put("cells", unit.cells());
  }
}
