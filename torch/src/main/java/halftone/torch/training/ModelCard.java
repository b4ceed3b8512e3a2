package halftone.torch.training;

import halftone.text.Section;
import halftone.text.Text;
import java.util.Locale;

/// What is to be known about a trained model, as Markdown: data with hashes, settings, the loss as
/// it fell, and how well the finished file predicts text it has not seen.
///
/// @param file name of the model file, without a folder
/// @param data where the text comes from and its license, or empty
/// @param license of the model, or empty
public record ModelCard(
    String name,
    String file,
    String data,
    String license,
    Text training,
    Text heldOut,
    TrainedNetwork network,
    HeldOutScore score) {
  private static final int ROWS = 20;

  /// The picture that the card shows, to be written beside it.
  public String curve() {
    return LossCurve.svg(network.history());
  }

  /// @param curveName file name of [#curve]
  public String markdown(String curveName) {
    StringBuilder out = new StringBuilder();
    out.append("# ").append(name).append("\n\n").append(summary()).append("\n\n");
    out.append("## Data\n").append(data.isEmpty() ? "" : data + "\n\n");
    out.append(table("training", training)).append(table("held-out", heldOut)).append('\n');
    out.append("Held-out documents, which the training never saw:\n\n");
    for (Section document : heldOut.sections()) {
      out.append(line("- `%s` `%s`", document.name(), Text.of("one", document.text()).sha256()));
    }
    out.append("\n## Training\n").append(settings()).append("\n\n");
    out.append("## Loss\n![Loss by step](").append(curveName).append(")\n\n").append(losses());
    out.append("\n## Held-out text\n").append(scores()).append('\n');
    return out.toString();
  }

  private String summary() {
    NetworkSizes sizes = network.settings().sizes();
    String text =
        line(
            "`%s`: a Llama-style language model of %,d weights (width %d, %d blocks, %d heads over %d key-value heads, feed-forward %d, tied embedding) over a byte-level BPE vocabulary of %,d tokens, for texts of up to %d tokens. Matrices are F16.",
            file,
            sizes.parameters(),
            sizes.width(),
            sizes.blocks(),
            sizes.heads(),
            sizes.keyValueHeads(),
            sizes.feedForward(),
            sizes.vocabulary(),
            sizes.context());
    return text
        + (license.isEmpty() ? "" : "License: " + license + ".\n")
        + "It writes text in the manner of what it read, and knows nothing. Made by `halftone train`.";
  }

  private static String table(String role, Text text) {
    String header =
        role.equals("training")
            ? "| text | documents | bytes | SHA-256 of all, in order |\n|---|---:|---:|---|\n"
            : "";
    return header
        + line(
            "| %s | %d | %,d | `%s` |", role, text.sections().size(), text.bytes(), text.sha256());
  }

  private String settings() {
    TrainingSettings settings = network.settings();
    LossHistory history = network.history();
    long tokens = (long) history.steps() * settings.batch() * settings.sizes().context();
    return line("`%s`", settings.line())
        + "\n"
        + line(
                "AdamW (β 0.9 and 0.95, decay of matrices alone, gradients clipped to length 1), cosine schedule to a tenth of the highest rate, float32. %,d steps, %,d tokens, %.2f passes over the text, %.0f minutes, %,.0f tokens a second.",
                history.steps(),
                tokens,
                network.epochs(),
                history.seconds() / 60,
                tokens / history.seconds())
            .strip();
  }

  private String losses() {
    LossHistory history = network.history();
    StringBuilder out =
        new StringBuilder(
            "| steps | training loss, nats | held-out loss, nats |\n|---:|---:|---:|\n");
    int rows = Math.min(ROWS, history.steps());
    for (int i = 0; i < rows; i++) {
      int from = (int) ((long) history.steps() * i / rows);
      int to = (int) ((long) history.steps() * (i + 1) / rows);
      out.append(
          line("| %d–%d | %.3f | %s |", from + 1, to, history.mean(from, to), heldOut(from, to)));
    }
    return out.append(
            "\nDuring training the held-out loss is the mean over all positions of at most 24 chunks.\n")
        .toString();
  }

  private String heldOut(int from, int to) {
    return network.history().heldOut().stream()
        .filter(point -> point.step() > from && point.step() <= to)
        .reduce((first, last) -> last)
        .map(point -> String.format(Locale.ROOT, "%.3f", point.loss()))
        .orElse("");
  }

  private String scores() {
    return line(
            "Perplexity %.2f ± %.2f a token, %.3f bits a byte: the F16 file on all held-out chunks of %d tokens, the second half of each scored (%,d tokens), as `halftone evaluate` and llama.cpp score.",
            score.perplexity().value(),
            score.perplexity().error(),
            score.bitsPerByte(),
            network.settings().sizes().context(),
            score.tokens())
        .strip();
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }
}
