package halftone.text;

import java.util.Locale;

/// What one of the three texts is for. No passage may be in two of them.
public enum Role {
  /// Read to gather evidence: importance, Grams.
  CALIBRATION,
  /// Read to choose between allocations and between our file and the presets.
  ALLOCATION,
  /// Read once, at the end, to say how good the chosen file is.
  VERIFICATION;

  /// The name in options, manifests and resource folders: `calibration`, `allocation`,
  /// `verification`.
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
