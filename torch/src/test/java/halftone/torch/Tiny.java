package halftone.torch;

import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.numeric.NumberFormats;
import halftone.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
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
      Arrays.setAll(sequence, t -> random.nextInt(VOCABULARY));
    }
    return tokens;
  }

  /// A llama whose next token is anyone's guess: seeded ones are nearly certain of theirs.
  static Model unsure() {
    Model model = TinyLlama.seeded(5).model();
    float[] gain = new float[model.tensors().get("output_norm.weight").shape().columns()];
    Arrays.fill(gain, 0.1f);
    return model.with(
        List.of(
            new halftone.tensor.Tensor(
                "output_norm.weight",
                Shape.of(gain.length),
                NumberFormats.named("F32"),
                MemorySegment.ofArray(gain))));
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
