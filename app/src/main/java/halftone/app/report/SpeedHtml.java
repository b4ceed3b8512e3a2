package halftone.app.report;

import halftone.speed.SpeedReport;
import halftone.speed.TokenSpeed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The page of a speed measurement: one file, which loads nothing.
public final class SpeedHtml {
  private SpeedHtml() {}

  /// Writes it, in UTF-8, over what is there.
  ///
  /// @param model the file that ran
  public static void write(Path path, Path model, SpeedReport report) throws IOException {
    Files.writeString(path, page(model, report), StandardCharsets.UTF_8);
  }

  static String page(Path model, SpeedReport report) {
    String name = OutcomeArticle.name(model);
    return Page.of(
        name,
        page -> {
          page.open("article", "aria-labelledby", "name").open("header");
          page.element("p", "How fast it runs here", "class", "quiet path");
          page.element("h1", name, "id", "name");
          page.element("p", Figures.unbroken(sentence(report)), "class", "lead");
          tiles(page, report);
          page.close().open("section").element("h2", "Below the machine's limits");
          page.open("figure");
          Roofline.write(page, report, "roofline");
          page.element(
              "figcaption",
              "Gmac/s over products for each byte of weights: the slope is what the memory allows,"
                  + " the level what the multipliers allow.");
          page.close().close();
          encodings(page, report);
          if (!report.files().isEmpty()) {
            files(page, report);
          }
          page.close();
        });
  }

  private static String sentence(SpeedReport report) {
    return "Reading a prompt does %s of the products that the machine is able to; writing reads weights at %s of its memory's speed."
        .formatted(Figures.percent(report.prefillShare()), Figures.percent(report.decodeShare()));
  }

  private static void tiles(Markup page, SpeedReport report) {
    Tiles tiles = new Tiles(page);
    tiles.add("Prefill", Figures.number(report.ours().prefill()), "tokens/s");
    tiles.add("Decode", Figures.number(report.ours().decode()), "tokens/s");
    TokenSpeed theirs = report.theirs();
    if (theirs != null) {
      tiles.add(
          "Prefill beside llama.cpp",
          Figures.number(report.ours().prefill() / theirs.prefill()),
          "×");
      tiles.add(
          "Decode beside llama.cpp", Figures.number(report.ours().decode() / theirs.decode()), "×");
    }
    tiles.end();
  }

  private static void files(Markup page, SpeedReport report) {
    page.open("section").element("h2", "Whole files");
    HtmlTable table =
        new HtmlTable(
            page, "From a cold start", "preset", "seconds ", "llama.cpp ", "our time ÷ its ");
    report.files().forEach(file -> table.row(EncodingCells.of(file, Figures.UNKNOWN)));
    table.end();
    page.close();
  }

  private static void encodings(Markup page, SpeedReport report) {
    page.open("section").element("h2", "Encoding");
    HtmlTable table =
        new HtmlTable(
            page,
            "Encoding by one thread",
            "format",
            "importance",
            "M weights/s ",
            "llama.cpp ",
            "our time ÷ its ");
    report.encodings().forEach(encoding -> table.row(EncodingCells.of(encoding, Figures.UNKNOWN)));
    table.end();
    page.close();
  }
}
