/// The three disjoint texts a model is quantized with, where they come from, and how they become
/// chunks of tokens.
@org.jspecify.annotations.NullMarked
package halftone.text;
