package halftone.recipe;

import halftone.evidence.ImportanceMatrix;
import halftone.evidence.InputMoments;
import halftone.model.Model;
import halftone.text.Chunks;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Gathers an importance matrix, of all linear layers and of the output product: where that shares
/// the embedding, the embedding's importance is the second moment of the final hidden state.
///
/// @param workers where the network runs
public record ImportanceRun(Model model, Workers workers) {
  /// Chunks whose residual stream is held at once: 57 MB at a width of 768.
  private static final int CHUNKS = 36;

  /// Runs the network over the chunks.
  public ImportanceMatrix measure(Chunks text, Progress progress) {
    int[][] tokens = text.tokens();
    int passes = (tokens.length + CHUNKS - 1) / CHUNKS;
    progress.step("importance", passes * (model.blocks().size() + 1));
    ImportanceMatrix sum = slice(text, tokens, 0, progress);
    for (int from = CHUNKS; from < tokens.length; from += CHUNKS) {
      sum = sum.merge(slice(text, tokens, from, progress));
    }
    return sum;
  }

  private ImportanceMatrix slice(Chunks text, int[][] tokens, int from, Progress progress) {
    int to = Math.min(tokens.length, from + CHUNKS);
    SequencedMap<String, ImportanceMatrix.Entry> entries = new LinkedHashMap<>();
    CalibrationPass.run(
        model,
        Arrays.copyOfRange(tokens, from, to),
        CalibrationPass.Grams.NONE,
        workers,
        progress,
        (stage, moments) -> add(moments, entries));
    return new ImportanceMatrix(entries, List.of(text.text()), to - from, text.size());
  }

  private static void add(
      Map<String, InputMoments> moments, Map<String, ImportanceMatrix.Entry> entries) {
    moments.forEach(
        (weight, inputs) ->
            entries.put(
                weight,
                new ImportanceMatrix.Entry(inputs.squares(), new float[] {inputs.tokens()})));
  }
}
