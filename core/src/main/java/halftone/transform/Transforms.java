package halftone.transform;

import halftone.method.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The members of this room, with their default parameters, and how they are found by name.
public final class Transforms {
  public static final List<Transform> ALL =
      List.of(
          new SmoothQuant(),
          new Awq(),
          new Equalization(),
          new ResidualRotation(),
          new ValueRotation(),
          new BiasSlots(),
          new Fmpq());

  private Transforms() {}

  /// A transform by the id of its card, perhaps with parameters behind a colon
  /// (`smoothquant:alpha=0.65:everywhere=true`, `awq:grid=q4_k`), or several joined by `+`, each of
  /// what the one before has made (`value-rotation+awq`).
  ///
  /// @throws IllegalArgumentException naming what there is
  public static Transform parse(String text) {
    List<Transform> links = Arrays.stream(text.split("\\+", -1)).map(Transforms::one).toList();
    return links.size() == 1 ? links.getFirst() : new Chain(links);
  }

  /// Whether a word is a transform's id, parameters behind it or not.
  public static boolean isNamed(String word) {
    String id = new Parameters(word).id();
    return ALL.stream().anyMatch(each -> each.card().id().equals(id));
  }

  private static Transform one(String text) {
    Parameters given = new Parameters(text);
    Transform transform =
        switch (given.id()) {
          case "smoothquant" ->
              new SmoothQuant(given.number("alpha", 0.5), given.flag("everywhere", false));
          case "awq" -> new Awq(given.get("grid", new Awq().grid(), Grid::parse));
          case "equalization" -> new Equalization(given.number("alpha", 0.5));
          case "hadamard-rotations" -> new ResidualRotation(given.get("seed", 0L, Long::valueOf));
          case "value-rotation" -> new ValueRotation();
          case "bias-correction" -> new BiasSlots();
          case "fmpq" ->
              new Fmpq(
                  given.get("block", new Fmpq().block(), Integer::valueOf),
                  given.number("theta", new Fmpq().theta()),
                  given.number("share", new Fmpq().share()));
          default ->
              throw new IllegalArgumentException(
                  "no transform is named '%s'; there are %s"
                      .formatted(
                          given.id(),
                          ALL.stream()
                              .map(each -> each.card().id())
                              .collect(Collectors.joining(", "))));
        };
    given.requireAllAsked();
    return transform;
  }
}
