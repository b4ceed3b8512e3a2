package halftone.app.doctor;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/// What all checks found, for people and for programs.
public record Examination(List<Finding> findings) {
  /// Looks at everything.
  ///
  /// @param store folder of finished work, which need not exist
  public static Examination of(Path store) {
    return new Examination(Checks.ALL.stream().map(check -> check.look(store)).toList());
  }

  /// What keeps the kernels from their speed, in a line; found out in a moment.
  public static List<Remark> ofKernels() {
    return VirtualMachine.here().remarks(Processor.here());
  }

  /// The worst verdict.
  public Verdict verdict() {
    return findings.stream()
        .map(Finding::verdict)
        .max(java.util.Comparator.naturalOrder())
        .orElse(Verdict.FINE);
  }

  /// Topics with their facts, then what is wrong and what to do.
  public void print(PrintStream out) {
    int width =
        findings.stream()
            .flatMap(finding -> finding.facts().stream())
            .mapToInt(fact -> fact.name().length())
            .max()
            .orElse(0);
    for (Finding finding : findings) {
      if (!finding.facts().isEmpty()) {
        out.println(finding.topic());
      }
      for (Fact fact : finding.facts()) {
        out.printf("  %-" + width + "s  %s%n", fact.name(), fact.text());
      }
    }
    out.println();
    for (Finding finding : findings) {
      for (Remark remark : finding.remarks()) {
        out.printf("%s  %s: %s%n", remark.verdict(), finding.topic(), remark.problem());
        out.printf("%" + remark.verdict().name().length() + "s  %s%n", "", remark.remedy());
      }
    }
    out.println(
        switch (verdict()) {
          case FINE -> "FINE  nothing stands in the way";
          case LIMITED -> "LIMITED  everything works, with the limits above";
          case MISSING -> "MISSING  something that Halftone needs, see above";
        });
  }

  /// `verdict`, an object for each topic, and `remarks`.
  public Map<String, Object> json() {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("verdict", word(verdict()));
    List<Object> remarks = new ArrayList<>();
    for (Finding finding : findings) {
      SequencedMap<String, Object> facts = new LinkedHashMap<>();
      finding.facts().forEach(fact -> facts.put(fact.key(), fact.value()));
      json.put(finding.topic(), facts);
      for (Remark remark : finding.remarks()) {
        SequencedMap<String, Object> entry = new LinkedHashMap<>();
        entry.put("topic", finding.topic());
        entry.put("verdict", word(remark.verdict()));
        entry.put("problem", remark.problem());
        entry.put("remedy", remark.remedy());
        remarks.add(entry);
      }
    }
    json.put("remarks", remarks);
    return json;
  }

  private static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }
}
