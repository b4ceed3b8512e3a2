package halftone.app.doctor;

import java.util.Comparator;
import java.util.List;

/// What a check found out.
///
/// @param topic one word
public record Finding(String topic, List<Fact> facts, List<Remark> remarks) {
  public Finding {
    facts = List.copyOf(facts);
    remarks = List.copyOf(remarks);
  }

  /// The worst of its remarks.
  Verdict verdict() {
    return remarks.stream()
        .map(Remark::verdict)
        .max(Comparator.naturalOrder())
        .orElse(Verdict.FINE);
  }
}
