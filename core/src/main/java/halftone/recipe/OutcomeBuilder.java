package halftone.recipe;

import halftone.allocation.MultipleChoiceKnapsack;
import halftone.allocation.Problem;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.Menu;
import halftone.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/// Puts an [Outcome] together.
record OutcomeBuilder(
    Path source, SequencedMap<String, Menu> menus, LossTable table, Problem problem) {
  /// @param sizes of files of the network that was searched
  /// @param shippedSizes of files of the network that the shipped one is made of

  Outcome build(
      Request.Target target,
      Choice choice,
      Proof.Verdict verdict,
      Sizes sizes,
      Sizes shippedSizes,
      SequencedMap<String, Duration> times) {
    SequencedMap<String, WeightFormat> shipped = new LinkedHashMap<>();
    verdict
        .shipped()
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (menus.containsKey(name) && tensor.format() instanceof WeightFormat format) {
                shipped.put(name, format);
              }
            });
    return new Outcome(
        target.output(),
        source,
        shippedSizes.file(shipped),
        shippedSizes.bitsPerWeight(shipped),
        verdict.name(),
        choice.allocation().loss(),
        tensors(verdict, choice),
        curve(verdict, sizes.file(choice.formats()) - choice.allocation().used()[0]),
        verdict.candidates(),
        verdict.verification(),
        sizes.memory(target.budget()).orElse(null),
        shippedSizes.provenance().entries(),
        times);
  }

  /// None where a rival is shipped that lacks a tensor of the network that was searched: the
  /// curve's changes name tensors of the shipped file.
  private List<Outcome.CurvePoint> curve(Proof.Verdict verdict, long fixed) {
    SequencedMap<String, Tensor> tensors = verdict.shipped().tensors();
    return tensors.keySet().containsAll(menus.keySet())
        ? new PredictedCurve(
                menus,
                MultipleChoiceKnapsack.STANDARD.frontier(problem),
                List.copyOf(tensors.values()))
            .points(fixed)
        : List.of();
  }

  private List<Outcome.TensorChoice> tensors(Proof.Verdict verdict, Choice choice) {
    List<Outcome.TensorChoice> choices = new ArrayList<>();
    double price = choice.allocation().shadowPrices()[0];
    for (Tensor tensor : verdict.shipped().tensors().values()) {
      Menu menu = menus.get(tensor.name());
      choices.add(
          menu == null
              ? kept(tensor)
              : chosen(
                  tensor,
                  menu,
                  verdict.ours() ? reason(menu, losses(menu), tensor, price) : verdict.name()));
    }
    return choices;
  }

  private static Outcome.TensorChoice kept(Tensor tensor) {
    return new Outcome.TensorChoice(
        tensor.name(),
        tensor.shape().toString(),
        tensor.format().id(),
        tensor.byteSize(),
        Double.NaN,
        "never quantized: small and sensitive",
        List.of());
  }

  private double[] losses(Menu menu) {
    return Objects.requireNonNull(table.losses().get(menu.tensor().name()));
  }

  private Outcome.TensorChoice chosen(Tensor tensor, Menu menu, String reason) {
    double[] losses = losses(menu);
    List<Outcome.Alternative> alternatives = new ArrayList<>();
    double loss = Double.NaN;
    for (int option = 0; option < losses.length; option++) {
      WeightFormat format = menu.options().get(option);
      alternatives.add(new Outcome.Alternative(format.id(), menu.bytes(option), losses[option]));
      if (format.equals(tensor.format())) {
        loss = losses[option];
      }
    }
    return new Outcome.TensorChoice(
        tensor.name(),
        tensor.shape().toString(),
        tensor.format().id(),
        tensor.byteSize(),
        loss,
        reason,
        alternatives);
  }

  /// The knapsack's argument: what the next larger format would save here is worth less than the
  /// same bytes elsewhere, and what the next smaller one would lose is worth more.
  private static String reason(Menu menu, double[] losses, Tensor tensor, double price) {
    if (menu.options().size() == 1) {
      return "pinned";
    }
    int option = menu.options().indexOf(tensor.format());
    String smaller =
        option == 0 ? "the smallest" : step(menu, losses, option - 1, option, price, "earns");
    String larger =
        option == losses.length - 1
            ? "the largest"
            : step(menu, losses, option, option + 1, price, "would earn");
    return smaller + "; " + larger;
  }

  private static String step(
      Menu menu, double[] losses, int small, int large, double price, String verb) {
    long bytes = menu.bytes(large) - menu.bytes(small);
    double earned = bytes == 0 ? 0 : (losses[small] - losses[large]) / bytes / price;
    return "%s over %s %s %.1f× the price of a byte"
        .formatted(menu.options().get(large).id(), menu.options().get(small).id(), verb, earned);
  }
}
