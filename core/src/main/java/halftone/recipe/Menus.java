package halftone.recipe;

import halftone.model.Model;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.preset.TensorTypeRule;
import halftone.sensitivity.Menu;
import halftone.sensitivity.TensorKind;
import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// What each tensor may become: the formats its rows divide into, or the one a pin fixes.
final class Menus {
  /// Every format worth a place on a menu. Left out are those another one beats at no more bits:
  /// Q2_0, Q1_0 and the ternary formats (made for networks trained to them), Q4_0 (IQ4_NL has its
  /// size), NVFP4 (without its second scale).
  private static final List<WeightFormat> CANDIDATES =
      List.of(
          format("IQ1_S"),
          format("IQ1_M"),
          format("IQ2_XXS"),
          format("IQ2_XS"),
          format("IQ2_S"),
          format("Q2_K"),
          format("IQ3_XXS"),
          format("IQ3_S"),
          format("IQ4_XS"),
          format("MXFP4"),
          format("Q4_K"),
          format("IQ4_NL"),
          format("Q4_1"),
          format("Q5_K"),
          format("Q5_0"),
          format("Q5_1"),
          format("Q6_K"),
          format("Q8_0"));

  /// Bits a weight of the formats that groups are tried in.
  private static final double LOW = 3.4;

  /// The same where rounding inputs changes the network too: the loss has to be well above that.
  private static final double COARSE = 2.6;

  private static final double MIDDLE = 4.2;
  private static final double HIGH = 6.5;

  private Menus() {}

  private static WeightFormat format(String id) {
    return (WeightFormat) NumberFormats.named(id);
  }

  /// A menu for each tensor of `names`, in file order.
  ///
  /// @throws IllegalArgumentException when a pin's format cannot hold a tensor it matches, or a pin
  ///   matches none
  static SequencedMap<String, Menu> of(Model model, List<String> names, List<TensorTypeRule> pins) {
    SequencedMap<String, Menu> menus = new LinkedHashMap<>();
    Set<String> measured = model.linears();
    for (String name : names) {
      Tensor tensor = java.util.Objects.requireNonNull(model.tensors().get(name));
      menus.put(
          name,
          new Menu(
              tensor,
              pinned(tensor, pins).map(List::of).orElse(fitting(tensor, measured.contains(name)))));
    }
    for (TensorTypeRule pin : pins) {
      if (names.stream().noneMatch(name -> pin.pattern().matcher(name).find())) {
        throw new IllegalArgumentException(
            "no quantized tensor's name matches the pin '%s'; they are named like %s"
                .formatted(pin.pattern(), names.getFirst()));
      }
    }
    return menus;
  }

  /// The same of formats that a program runs.
  ///
  /// @throws IllegalArgumentException when pins make a file that it does not run
  static SequencedMap<String, Menu> of(
      Model model, List<String> names, List<TensorTypeRule> pins, RuntimeProfile runtime) {
    SequencedMap<String, Menu> menus = of(model, names, pins);
    menus.replaceAll((name, menu) -> legal(menu, runtime));
    SequencedMap<String, WeightFormat> smallest = new LinkedHashMap<>();
    menus.forEach((name, menu) -> smallest.put(name, menu.options().getFirst()));
    runtime
        .obstacle(smallest)
        .ifPresent(
            obstacle -> {
              throw new IllegalArgumentException(obstacle + "; change the pins");
            });
    return menus;
  }

  /// What is left; a menu of one, pinned perhaps, stays.
  private static Menu legal(Menu menu, RuntimeProfile runtime) {
    boolean fused = runtime.fuses(menu.tensor().name());
    List<WeightFormat> left =
        menu.options().stream()
            .filter(format -> runtime.reads(format) && !(fused && RuntimeProfile.isPlain(format)))
            .toList();
    return left.isEmpty() ? menu : new Menu(menu.tensor(), left);
  }

  /// Formats that the rows of a tensor do not divide into, and that others' may.
  static List<WeightFormat> indivisible(Tensor tensor) {
    return CANDIDATES.stream()
        .filter(format -> !format.layout().divides(tensor.shape().columns()))
        .toList();
  }

  /// The same without formats that round several columns together. A menu of those alone keeps
  /// them.
  static SequencedMap<String, Menu> ofSingleColumns(SequencedMap<String, Menu> menus) {
    SequencedMap<String, Menu> single = new LinkedHashMap<>();
    menus.forEach(
        (name, menu) -> {
          List<WeightFormat> options =
              menu.options().stream().filter(format -> format.arity() == 1).toList();
          single.put(name, options.isEmpty() ? menu : new Menu(menu.tensor(), options));
        });
    return single;
  }

  private static Optional<WeightFormat> pinned(Tensor tensor, List<TensorTypeRule> pins) {
    Optional<TensorTypeRule> pin = TensorTypeRule.first(pins, tensor.name());
    if (pin.isEmpty()) {
      return Optional.empty();
    }
    String type = pin.get().type().name();
    if (!(pin.get().type().format() instanceof WeightFormat format)) {
      throw new IllegalArgumentException(
          "%s cannot be pinned to %s, which can be read but not written"
              .formatted(tensor.name(), type));
    }
    if (!format.layout().divides(tensor.shape().columns())) {
      throw new IllegalArgumentException(
          "%s cannot be pinned to %s: its rows of %d are no whole number of blocks of %d"
              .formatted(tensor.name(), type, tensor.shape().columns(), format.layout().weights()));
    }
    return Optional.of(format);
  }

  /// Formats the rows divide into, smallest first. Where 256-weight blocks fit, their formats are
  /// better than those of 32 at every size and stand alone; Q8_0 has no larger rival.
  ///
  /// @param measured whether its importance will be known; formats that need it are left out where
  ///   not
  private static List<WeightFormat> fitting(Tensor tensor, boolean measured) {
    boolean superBlocks = tensor.shape().columns() % 256 == 0;
    List<WeightFormat> options = new ArrayList<>();
    for (WeightFormat format : CANDIDATES) {
      boolean superBlock = format.layout().weights() == 256;
      boolean fits = format.layout().divides(tensor.shape().columns());
      boolean usable = measured || !format.requiresImportance();
      if (fits && usable && (superBlock == superBlocks || format.id().equals("Q8_0"))) {
        options.add(format);
      }
    }
    if (tensor.format() instanceof WeightFormat stored && stored.layout().weights() == 1) {
      options.add(stored);
    }
    options.sort(Comparator.comparingDouble(format -> format.layout().bitsPerWeight()));
    return options;
  }

  /// The option to try a tensor's group in: coarse enough to be measured above the noise, fine
  /// enough to be near the formats that are chosen in the end.
  static int probe(Menu menu) {
    return atLeast(menu, LOW);
  }

  /// The option to try it in where inputs are rounded.
  static int coarseProbe(Menu menu) {
    return atLeast(menu, COARSE);
  }

  /// The option nearest above four bits.
  static WeightFormat middle(Menu menu) {
    return menu.options().get(atLeast(menu, MIDDLE));
  }

  /// The smallest option of at least so many bits a weight; the largest where there is none.
  private static int atLeast(Menu menu, double bits) {
    for (int option = 0; option < menu.options().size(); option++) {
      if (menu.options().get(option).layout().bitsPerWeight() >= bits) {
        return option;
      }
    }
    return menu.options().size() - 1;
  }

  /// Options to measure a tensor outside the blocks in: `count` of the menu, spread over the bits
  /// that such tensors end with.
  static List<Integer> probes(Menu menu, int count) {
    List<Integer> probes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double bits = count == 1 ? MIDDLE : LOW + (HIGH - LOW) * i / (count - 1);
      int option = atLeast(menu, bits);
      if (!probes.contains(option)) {
        probes.add(option);
      }
    }
    return probes;
  }

  /// Tensor kinds inside the blocks, in file order.
  static List<String> kinds(SequencedMap<String, Menu> menus) {
    return menus.keySet().stream()
        .map(TensorKind::of)
        .filter(TensorKind::inBlock)
        .map(TensorKind::kind)
        .distinct()
        .toList();
  }
}
