package halftone.app.report;

import halftone.recipe.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Blocks down, kinds of tensor across: what each tensor became. Every cell is a button that opens
/// the tensor's details.
///
/// @param prefix of the ids in the page
record TensorMap(List<Outcome.TensorChoice> tensors, String prefix) {
  private static final Pattern IN_BLOCK = Pattern.compile("(\\w+)\\.(\\d+)\\.(.+)");

  /// Where a tensor stands. Networks of several stacks (an encoder beside a decoder) have one grid
  /// for each.
  private record Place(String stack, int block, String kind) {
    static @Nullable Place of(String tensor) {
      Matcher matcher = IN_BLOCK.matcher(tensor);
      if (!matcher.matches() || matcher.group(2).length() > 6) {
        return null;
      }
      return new Place(
          matcher.group(1), Integer.parseInt(matcher.group(2)), shortKind(matcher.group(3)));
    }
  }

  void write(Markup page) {
    legend(page);
    outside(page);
    SequencedSet<String> stacks = new LinkedHashSet<>();
    for (Outcome.TensorChoice tensor : tensors) {
      Place place = Place.of(tensor.name());
      if (place != null) {
        stacks.add(place.stack());
      }
    }
    stacks.forEach(stack -> grid(page, stack));
    for (int i = 0; i < tensors.size(); i++) {
      TensorDetails.write(page, tensors.get(i), prefix + "-" + i);
    }
  }

  private static void legend(Markup page) {
    page.open("ul", "class", "legend", "aria-label", "Colours by bits per weight");
    page.element("li", "bits per weight", "class", "unit");
    for (int step = 0; step <= BitsScale.ENDS.size(); step++) {
      page.element("li", BitsScale.label(step), "class", "chip b" + step);
    }
    page.element("li", "kept", "class", "chip kept").close();
  }

  private void outside(Markup page) {
    page.open("ul", "class", "outside", "aria-label", "Tensors outside the blocks");
    for (int i = 0; i < tensors.size(); i++) {
      if (Place.of(tensors.get(i).name()) == null) {
        page.open("li").element("span", tensors.get(i).name(), "class", "mono");
        cell(page, i);
        page.close();
      }
    }
    page.close();
  }

  private void grid(Markup page, String stack) {
    SequencedSet<String> kinds = new LinkedHashSet<>();
    Map<Integer, Map<String, List<Integer>>> blocks = new TreeMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      Place place = Place.of(tensors.get(i).name());
      if (place != null && place.stack().equals(stack)) {
        kinds.add(place.kind());
        blocks
            .computeIfAbsent(place.block(), _ -> new TreeMap<>())
            .computeIfAbsent(place.kind(), _ -> new ArrayList<>())
            .add(i);
      }
    }
    String caption = "Formats of the tensors of " + stack + ", one block a row";
    page.open("div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", caption);
    page.open("table", "class", "map").element("caption", caption, "class", "quiet");
    page.open("thead").open("tr").element("th", stack, "scope", "col");
    kinds.forEach(kind -> page.element("th", kind, "scope", "col"));
    page.close().close().open("tbody");
    blocks.forEach(
        (block, cells) -> {
          page.open("tr").element("th", Integer.toString(block), "scope", "row");
          for (String kind : kinds) {
            page.open("td");
            cells.getOrDefault(kind, List.of()).forEach(i -> cell(page, i));
            page.close();
          }
          page.close();
        });
    page.close().close().close();
  }

  private void cell(Markup page, int index) {
    Outcome.TensorChoice tensor = tensors.get(index);
    String style = tensor.alternatives().isEmpty() ? "kept" : BitsScale.style(tensor.format());
    page.element(
        "button",
        tensor.format(),
        "type",
        "button",
        "class",
        "cell " + style,
        "data-tensor",
        Integer.toString(index),
        "popovertarget",
        prefix + "-" + index,
        "title",
        tensor.name() + ": " + tensor.format() + ". " + tensor.reason(),
        "aria-label",
        tensor.name() + ", " + tensor.format() + ", show alternatives");
  }

  private static String shortKind(String kind) {
    return kind.endsWith(".weight") ? kind.substring(0, kind.length() - ".weight".length()) : kind;
  }
}
