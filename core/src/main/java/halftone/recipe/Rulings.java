package halftone.recipe;

import halftone.model.Model;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.Menu;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// What a program that is to run a file rules out, in sentences, before any work begins.
final class Rulings {
  private static final String EMBEDDING = "token_embd.weight";
  private static final String OUTPUT = "output.weight";

  private Rulings() {}

  static List<String> of(Model model, RuntimeProfile runtime) {
    List<String> names = Candidates.quantized(model);
    SequencedMap<String, Menu> all = Menus.of(model, names, List.of());
    SequencedMap<String, Menu> left = Menus.of(model, names, List.of(), runtime);
    List<String> lines = new ArrayList<>();
    lines.addAll(unread(all, left, runtime));
    lines.addAll(indivisible(all));
    if (model.linears().contains(EMBEDDING) && !model.tensors().containsKey(OUTPUT)) {
      lines.add(
          "for %s: %s is the weight of the output product too: one format serves both"
              .formatted(runtime.id(), EMBEDDING));
    }
    if (lines.isEmpty()) {
      lines.add("for %s: nothing is ruled out".formatted(runtime.id()));
    }
    return lines;
  }

  private static List<String> unread(
      SequencedMap<String, Menu> all, SequencedMap<String, Menu> left, RuntimeProfile runtime) {
    Map<String, Integer> unread = new LinkedHashMap<>();
    Map<String, Integer> plain = new LinkedHashMap<>();
    all.forEach(
        (name, menu) -> {
          for (WeightFormat format : menu.options()) {
            if (!Objects.requireNonNull(left.get(name)).options().contains(format)) {
              (runtime.reads(format) ? plain : unread).merge(format.id(), 1, Integer::sum);
            }
          }
        });
    List<String> lines = new ArrayList<>();
    unread.forEach(
        (format, count) ->
            lines.add(
                "for %s: it does not read %s, left out for %d tensors"
                    .formatted(runtime.id(), format, count)));
    plain.forEach(
        (format, count) ->
            lines.add(
                "for %s: %s is left out for %d tensors that it multiplies as one matrix with others, all quantized or none"
                    .formatted(runtime.id(), format, count)));
    return lines;
  }

  /// Whatever runs the file.
  private static List<String> indivisible(SequencedMap<String, Menu> menus) {
    Map<List<String>, Integer> counts = new LinkedHashMap<>();
    menus.forEach(
        (name, menu) -> {
          List<String> ids = Menus.indivisible(menu.tensor()).stream().map(f -> f.id()).toList();
          if (!ids.isEmpty()) {
            counts.merge(ids, 1, Integer::sum);
          }
        });
    List<String> lines = new ArrayList<>();
    counts.forEach(
        (ids, count) ->
            lines.add(
                "the rows of %d tensors do not divide into the blocks of %s"
                    .formatted(count, String.join(", ", ids))));
    return lines;
  }
}
