package halftone.app.report;

import halftone.numeric.NumberFormats;
import halftone.recipe.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Tensors of the shapes of a small language model, with seeded losses, and the curve that buys the
/// best next step first. At the size of the file the losses add up to what was predicted for it.
final class SampleCurve {
  static final List<String> MENU =
      List.of("Q2_K", "IQ3_XXS", "Q3_K", "IQ4_XS", "Q4_K", "Q5_K", "Q6_K", "Q8_0");
  private static final double[] BITS =
      MENU.stream()
          .mapToDouble(format -> NumberFormats.named(format).layout().bitsPerWeight())
          .toArray();
  private static final int BLOCKS = 30;
  private static final long HEADER = 1_731_264;

  /// A tensor that has a choice.
  private record Unit(String name, int columns, int rows, double sensitivity) {
    long bytes(int option) {
      return Math.round(BITS[option] * columns * rows / 8);
    }

    double loss(int option) {
      return sensitivity * columns * rows * Math.pow(0.41, option);
    }

    double rate(int option) {
      return (loss(option) - loss(option + 1)) / (bytes(option + 1) - bytes(option));
    }
  }

  final List<Outcome.TensorChoice> tensors = new ArrayList<>();
  final List<Outcome.CurvePoint> curve = new ArrayList<>();
  private final List<Unit> units = new ArrayList<>();

  /// Where each unit stands among the tensors.
  private final List<Integer> places = new ArrayList<>();

  /// @param bytes of the file that was shipped
  SampleCurve(long bytes, double predicted, String kept) {
    SplittableRandom random = new SplittableRandom(6);
    List<String> names = names(kept);
    for (int i = 0; i < names.size(); i++) {
      Unit unit = unit(names.get(i), random);
      if (unit != null) {
        units.add(unit);
        places.add(i);
      }
    }
    int[] chosen = walk(bytes, 1);
    double scale = predicted / loss(chosen, 1);
    curve.clear();
    walk(bytes, scale);
    for (String name : names) {
      int unit = places.indexOf(tensors.size());
      tensors.add(unit < 0 ? kept(name) : choice(units.get(unit), chosen[unit], scale));
    }
  }

  private static List<String> names(String kept) {
    List<String> names = new ArrayList<>(List.of("token_embd.weight"));
    for (int block = 0; block < BLOCKS; block++) {
      for (String kind :
          List.of(
              "attn_norm",
              "ffn_down",
              "ffn_gate",
              "ffn_up",
              "ffn_norm",
              "attn_k",
              "attn_output",
              "attn_q",
              "attn_v")) {
        names.add("blk." + block + "." + kind + ".weight");
      }
    }
    names.add("output_norm.weight");
    names.add(kept);
    return names;
  }

  private static Unit unit(String name, SplittableRandom random) {
    double sensitivity = Math.exp(1.1 * random.nextGaussian());
    return switch (name.replaceAll("blk\\.\\d+\\.|\\.weight", "")) {
      case "token_embd" -> new Unit(name, 576, 49152, 2.5);
      case "ffn_down" -> new Unit(name, 1536, 576, 2 * sensitivity);
      case "ffn_gate", "ffn_up" -> new Unit(name, 576, 1536, sensitivity);
      case "attn_k" -> new Unit(name, 576, 192, 2 * sensitivity);
      case "attn_v" -> new Unit(name, 576, 192, 9 * sensitivity);
      case "attn_q", "attn_output" -> new Unit(name, 576, 576, sensitivity);
      default -> null;
    };
  }

  /// Fills the curve.
  ///
  /// @return the options of its last point of at most so many bytes
  private int[] walk(long limit, double scale) {
    int[] option = new int[units.size()];
    int[] reached = option.clone();
    List<Outcome.Change> changes = new ArrayList<>();
    for (int unit = 0; unit < option.length; unit++) {
      changes.add(new Outcome.Change(places.get(unit), 0));
    }
    for (int next = 0; next >= 0; ) {
      long bytes = HEADER + bytes(option);
      curve.add(
          new Outcome.CurvePoint(bytes, loss(option, scale), bits(option), List.copyOf(changes)));
      reached = bytes <= limit ? option.clone() : reached;
      next = best(option);
      if (next >= 0) {
        changes = List.of(new Outcome.Change(places.get(next), ++option[next]));
      }
    }
    return reached;
  }

  private int best(int[] option) {
    int best = -1;
    for (int unit = 0; unit < option.length; unit++) {
      if (option[unit] < MENU.size() - 1
          && (best < 0
              || units.get(unit).rate(option[unit]) > units.get(best).rate(option[best]))) {
        best = unit;
      }
    }
    return best;
  }

  private long bytes(int[] option) {
    long bytes = 62 * 2304;
    for (int unit = 0; unit < option.length; unit++) {
      bytes += units.get(unit).bytes(option[unit]);
    }
    return bytes;
  }

  private double loss(int[] option, double scale) {
    double loss = 0;
    for (int unit = 0; unit < option.length; unit++) {
      loss += scale * units.get(unit).loss(option[unit]);
    }
    return loss;
  }

  private double bits(int[] option) {
    long elements = 62 * 576;
    for (Unit unit : units) {
      elements += (long) unit.columns() * unit.rows();
    }
    return 8.0 * bytes(option) / elements;
  }

  private static Outcome.TensorChoice kept(String name) {
    return new Outcome.TensorChoice(
        name, "576", "F32", 2304, Double.NaN, "never quantized: small and sensitive", List.of());
  }

  private static Outcome.TensorChoice choice(Unit unit, int option, double scale) {
    List<Outcome.Alternative> alternatives = new ArrayList<>();
    for (int i = 0; i < MENU.size(); i++) {
      alternatives.add(new Outcome.Alternative(MENU.get(i), unit.bytes(i), scale * unit.loss(i)));
    }
    Outcome.Alternative chosen = alternatives.get(option);
    return new Outcome.TensorChoice(
        unit.name(),
        unit.columns() + "×" + unit.rows(),
        chosen.format(),
        chosen.bytes(),
        chosen.loss(),
        "Q4_K over Q3_K earns 1.7× the price of a byte; Q5_K over Q4_K would earn 0.6× the price of"
            + " a byte",
        alternatives);
  }
}
