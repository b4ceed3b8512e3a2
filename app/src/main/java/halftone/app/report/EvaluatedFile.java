package halftone.app.report;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What was measured, and how.
///
/// @param bitsPerWeight 8 × bytes of all tensors ÷ their elements
/// @param arithmetic `exact` or `llama`
/// @param reference the model or base-logit file it is compared with, null for perplexity alone
/// @param chunks of the text, each of `context` tokens
public record EvaluatedFile(
    Path file,
    long bytes,
    double bitsPerWeight,
    String arithmetic,
    @Nullable String reference,
    String text,
    int chunks,
    int context) {}
