package halftone.app.report;

import halftone.speed.SpeedReport;
import halftone.speed.TokenSpeed;
import java.io.PrintStream;
import java.util.Locale;

/// How fast a model is, on a terminal.
public final class SpeedSummary {
  private SpeedSummary() {}

  /// Prints what was measured, and the roofline.
  public static void print(PrintStream out, SpeedReport report) {
    TokenSpeed theirs = report.theirs();
    out.printf(
        Locale.ROOT,
        "The machine: %s Gmac/s of %s, %s GB/s from memory.%n%n",
        Figures.number(report.mostProducts() / 1e9),
        report.inIntegers() ? "bytes" : "floats",
        Figures.number(report.machine().bytes() / 1e9));
    Table table = new Table("", " tokens/s", " does", " of the limit", " llama.cpp", " ratio");
    table.row(
        "prefill of " + report.race().prompt(),
        Figures.number(report.ours().prefill()),
        Figures.number(report.prefillProducts() / 1e9) + " Gmac/s",
        Figures.percent(report.prefillShare()),
        theirs == null ? "" : Figures.number(theirs.prefill()),
        theirs == null ? "" : times(report.ours().prefill() / theirs.prefill()));
    table.row(
        "decode of " + report.race().written(),
        Figures.number(report.ours().decode()),
        Figures.number(report.decodeBytes() / 1e9) + " GB/s",
        Figures.percent(report.decodeShare()),
        theirs == null ? "" : Figures.number(theirs.decode()),
        theirs == null ? "" : times(report.ours().decode() / theirs.decode()));
    table.print(out);
    out.println();
    Roofline.print(out, report);
    out.println("D decode, P prefill, / what the memory allows, _ what the multipliers allow");
    if (!report.encodings().isEmpty()) {
      out.println();
      encodings(out, report);
    }
    if (!report.files().isEmpty()) {
      out.println();
      files(out, report);
    }
    out.printf(
        Locale.ROOT,
        "%nMemory: %s of weights, %s of keys and values, %s between operations.%n",
        Figures.bytes(report.work().weightBytes()),
        Figures.bytes(report.cacheBytes()),
        Figures.bytes(report.bufferBytes()));
  }

  private static void encodings(PrintStream out, SpeedReport report) {
    Table table =
        new Table("encoding", "importance", " M weights/s", " llama.cpp", " our time ÷ its");
    report.encodings().forEach(encoding -> table.row(EncodingCells.of(encoding, "")));
    table.print(out);
  }

  private static void files(PrintStream out, SpeedReport report) {
    Table table = new Table("whole file, cold", " seconds", " llama.cpp", " our time ÷ its");
    report.files().forEach(file -> table.row(EncodingCells.of(file, "")));
    table.print(out);
  }

  private static String times(double ratio) {
    return Figures.number(ratio) + "×";
  }
}
