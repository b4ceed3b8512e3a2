package halftone.app.report;

import halftone.recipe.Outcome;

/// What opens on a tensor's cell: its format, the reason, and what the alternatives would have cost
/// and lost.
final class TensorDetails {
  private TensorDetails() {}

  static void write(Markup page, Outcome.TensorChoice tensor, String id) {
    page.open(
        "div",
        "popover",
        "auto",
        "id",
        id,
        "class",
        "details",
        "role",
        "dialog",
        "aria-label",
        tensor.name());
    page.element("h4", tensor.name(), "class", "mono");
    page.element(
        "p",
        "%s, %s, %s, %s bits per weight"
            .formatted(
                tensor.shape(),
                tensor.format(),
                Figures.bytes(tensor.bytes()),
                Figures.number(BitsScale.bitsPerWeight(tensor.format()))));
    page.element("p", tensor.reason());
    page.element("p", "", "class", "at", "hidden", "hidden");
    if (!tensor.alternatives().isEmpty()) {
      alternatives(page, tensor);
    }
    page.element(
        "button", "Close", "type", "button", "popovertarget", id, "popovertargetaction", "hide");
    page.close();
  }

  private static void alternatives(Markup page, Outcome.TensorChoice tensor) {
    HtmlTable table =
        new HtmlTable(
            page, "Menu of " + tensor.name(), "format", " bytes", " predicted loss, nats");
    for (Outcome.Alternative alternative : tensor.alternatives()) {
      boolean chosen = alternative.format().equals(tensor.format());
      table.row(
          chosen,
          alternative.format() + (chosen ? " ✓" : ""),
          Figures.bytes(alternative.bytes()),
          Figures.number(alternative.loss()));
    }
    table.end();
  }
}
