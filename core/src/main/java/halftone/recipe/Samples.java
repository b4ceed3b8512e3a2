package halftone.recipe;

import halftone.evaluation.ScoredText;
import halftone.text.Chunks;
import halftone.text.Role;
import halftone.text.Text;
import halftone.text.TextManifest;
import halftone.text.Texts;
import halftone.tokenizer.Tokenizer;
import java.util.Map;

/// The chunks of the three texts that this run reads.
record Samples(Texts texts, Chunks calibration, Chunks allocation, Chunks verification) {
  /// Tokens of a chunk.
  static final int CHUNK = 512;

  /// Tokens of an allocation chunk that are read before the first is scored: enough context for the
  /// rest to be typical, so that few tokens are run for many that count.
  private static final int WARM_UP = CHUNK / 8;

  static Samples of(Texts texts, Tokenizer tokenizer, Effort effort) {
    return new Samples(
        texts,
        calibration(texts.calibration(), tokenizer, effort),
        spread(Chunks.of(texts.allocation(), tokenizer, CHUNK), effort.allocationChunks()),
        first(Chunks.of(texts.verification(), tokenizer, CHUNK), effort.verificationChunks()));
  }

  /// With a calibration text that the model wrote.
  ///
  /// @throws halftone.text.OverlapException when it knows one of the other texts by heart
  static Samples of(SelfText.Written calibration, Texts texts, Tokenizer tokenizer, Effort effort) {
    Texts own = new Texts(calibration.text(), texts.allocation(), texts.verification());
    return new Samples(
        own,
        calibration.chunks(),
        spread(Chunks.of(texts.allocation(), tokenizer, CHUNK), effort.allocationChunks()),
        first(Chunks.of(texts.verification(), tokenizer, CHUNK), effort.verificationChunks()));
  }

  /// The chunks of a calibration text that are read at this effort.
  static Chunks calibration(Text text, Tokenizer tokenizer, Effort effort) {
    return spread(Chunks.of(text, tokenizer, CHUNK), effort.calibrationChunks());
  }

  private static Chunks spread(Chunks all, int most) {
    return all.evenly(Math.min(most, all.count()));
  }

  private static Chunks first(Chunks all, int most) {
    return all.first(Math.min(most, all.count()));
  }

  /// The allocation text as candidates are compared on it: all of a chunk but its beginning counts.
  ScoredText scoredAllocation() {
    return ScoredText.of(allocation.tokens(), WARM_UP);
  }

  /// The verification text, scored as llama.cpp scores: the second half of each chunk.
  ScoredText scoredVerification() {
    return ScoredText.of(verification.tokens(), CHUNK / 2);
  }

  TextManifest manifest(long seed) {
    return TextManifest.of(
        texts,
        Map.of(
            Role.CALIBRATION, calibration,
            Role.ALLOCATION, allocation,
            Role.VERIFICATION, verification),
        seed);
  }
}
