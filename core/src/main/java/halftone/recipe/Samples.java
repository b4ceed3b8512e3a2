package halftone.recipe;

import halftone.evaluation.ScoredText;
import halftone.text.Chunks;
import halftone.text.Role;
import halftone.text.TextManifest;
import halftone.text.Texts;
import halftone.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Map;

/// The chunks of the three texts that this run reads.
record Samples(Texts texts, Chunks calibration, Chunks allocation, Chunks verification) {
  /// Tokens of a chunk.
  static final int CHUNK = 512;

  static Samples of(Texts texts, Tokenizer tokenizer, Effort effort) {
    return new Samples(
        texts,
        spread(Chunks.of(texts.calibration(), tokenizer, CHUNK), effort.calibrationChunks()),
        spread(Chunks.of(texts.allocation(), tokenizer, CHUNK), effort.allocationChunks()),
        first(Chunks.of(texts.verification(), tokenizer, CHUNK), effort.verificationChunks()));
  }

  private static Chunks spread(Chunks all, int most) {
    return all.evenly(Math.min(most, all.count()));
  }

  private static Chunks first(Chunks all, int most) {
    return all.first(Math.min(most, all.count()));
  }

  static ScoredText scored(Chunks chunks) {
    int[][] tokens = chunks.tokens();
    int[][] targets = new int[tokens.length][];
    for (int i = 0; i < tokens.length; i++) {
      targets[i] = Arrays.copyOfRange(tokens[i], tokens[i].length / 2 + 1, tokens[i].length);
    }
    return new ScoredText(tokens, targets);
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
