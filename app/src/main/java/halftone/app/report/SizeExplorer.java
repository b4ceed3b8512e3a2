package halftone.app.report;

import halftone.recipe.Outcome;

/// The curve, a slider over it, and what each size would make of every tensor. What the slider
/// moves is hidden until the script is there to move it.
///
/// @param id starts all ids in the section
record SizeExplorer(Outcome outcome, CurveJson data, String id) {
  void write(Markup page) {
    page.open("section", "class", "explorer", "id", id + "-sizes");
    page.open("div", "class", "side");
    page.element("h2", "Size against loss");
    figure(page);
    if (data.worthwhile()) {
      command(page);
      page.data(id + "-data", data.text());
    }
    page.close();
    page.open("div", "class", "map-side").element("h2", "What each tensor becomes");
    page.element("p", hint(), "class", "quiet hint");
    new TensorMap(outcome.tensors(), id + "-t").write(page);
    shares(page, FormatShares.of(outcome.tensors()));
    page.close().close();
  }

  private static String hint() {
    return "A cell opens the reason and the alternatives. Arrow keys go from cell to cell.";
  }

  private void figure(Markup page) {
    page.open("figure");
    new ParetoChart(outcome, ParetoChart.Frame.WIDE).write(page, id + "-curve-wide");
    new ParetoChart(outcome, ParetoChart.Frame.NARROW).write(page, id + "-curve-compact");
    page.close();
    if (data.worthwhile()) {
      slider(page);
    }
    page.element(
        "p",
        "Line: predicted loss of the best choice of formats for every size. Points: files measured"
            + " on the allocation text, with one standard error; discs are ours, squares are"
            + " presets and uniform files, the ring is what was predicted for ours.",
        "class",
        "quiet legend-words");
  }

  private void slider(Markup page) {
    page.open("noscript").element("p", "The slider over the sizes needs JavaScript.").close();
    page.open("div", "class", "bar", "hidden", "hidden");
    page.element("label", "Size of the file", "for", id + "-size", "class", "unseen");
    page.leaf("input", "type", "range", "id", id + "-size", "class", "size");
    page.open("dl", "class", "readout");
    figure(page, "Size", "bytes");
    figure(page, "Bits per weight", "bits");
    figure(page, "Predicted loss", "loss");
    page.close().close();
  }

  private static void figure(Markup page, String name, String value) {
    page.open("div").element("dt", name).open("dd");
    page.element("span", "", "data-value", value);
    page.element("small", "", "data-value", value + "-beside").close().close();
  }

  private static void command(Markup page) {
    page.open("div", "class", "command", "hidden", "hidden");
    page.element("p", "Makes a file of this size:", "class", "quiet");
    page.element("code", "", "class", "mono", "tabindex", "0", "aria-label", "Command");
    page.open("p", "class", "actions");
    page.element("button", "Copy command", "type", "button", "class", "copy");
    page.element("button", "Back to this file", "type", "button", "class", "back");
    page.element("span", "", "role", "status").close().close();
  }

  private static void shares(Markup page, FormatShares shares) {
    page.open("div", "class", "shares");
    HtmlTable table =
        new HtmlTable(
            page, "Formats", "format", " bits per weight", " tensors", " bytes", " share");
    for (FormatShares.Share share : shares.shares()) {
      table.row(
          share.format(),
          Figures.number(BitsScale.bitsPerWeight(share.format())),
          Integer.toString(share.tensors()),
          Figures.bytes(share.bytes()),
          Figures.percent(shares.fraction(share)));
    }
    table.end();
    page.close();
  }
}
