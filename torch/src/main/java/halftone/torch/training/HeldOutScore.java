package halftone.torch.training;

import halftone.evaluation.Estimate;
import halftone.evaluation.Losses;
import halftone.evaluation.Perplexity;
import halftone.evaluation.ScoredText;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.ModelReader;
import halftone.runtime.Arithmetic;
import halftone.text.Chunks;
import halftone.text.Text;
import halftone.tokenizer.Tokenizer;
import halftone.tokenizer.Tokenizers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/// How well a finished file predicts text it has not seen: the second half of each chunk, as
/// `halftone evaluate` and llama.cpp's perplexity score it.
///
/// @param perplexity exp of the mean loss of a token
/// @param bitsPerByte the same losses in bits, by the bytes of the text that the tokens spell: does
///   not depend on the vocabulary
/// @param tokens how many were scored
public record HeldOutScore(Estimate perplexity, double bitsPerByte, int tokens) {
  /// Runs a model file over a text.
  ///
  /// @param context tokens of a chunk
  public static HeldOutScore of(Path file, Text text, int context, Workers workers)
      throws IOException {
    try (GgufFile gguf = GgufReader.open(file)) {
      Tokenizer tokenizer = Tokenizers.of(gguf.keys());
      Chunks chunks = Chunks.of(text, tokenizer, context);
      ScoredText scored = ScoredText.of(chunks.tokens(), context / 2);
      double[] losses = Losses.of(ModelReader.read(gguf), Arithmetic.EXACT, scored, workers);
      long bytes = 0;
      for (int[] targets : scored.targets()) {
        bytes += tokenizer.decode(targets).length;
      }
      double nats = Arrays.stream(losses).sum();
      return new HeldOutScore(Perplexity.of(losses), nats / Math.log(2) / bytes, losses.length);
    }
  }
}
