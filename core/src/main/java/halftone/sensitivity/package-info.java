/// Scores: what a format would cost a tensor, in loss. Scores never choose.
@org.jspecify.annotations.NullMarked
package halftone.sensitivity;
