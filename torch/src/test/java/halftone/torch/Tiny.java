package halftone.torch;

import halftone.model.Model;
import halftone.model.TinyLlama;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;

/// Small things that several tests run.
final class Tiny {
  static final int VOCABULARY = TinyLlama.VOCABULARY;

  private Tiny() {}

  static int[][] tokens(int sequences, int length) {
    Random random = new Random(17);
    int[][] tokens = new int[sequences][length];
    for (int[] sequence : tokens) {
      java.util.Arrays.setAll(sequence, t -> random.nextInt(VOCABULARY));
    }
    return tokens;
  }

  /// Of every token, row-major.
  static float[] logits(Model model, int[][] tokens, Precision precision) {
    try (PointerScope scope = new PointerScope();
        Parameters parameters = new Parameters(model, precision);
        TorchEngine engine = new TorchEngine(model, parameters)) {
      return Memory.floats(engine.logits(new Batch(tokens), LinearTap.NONE));
    }
  }
}
