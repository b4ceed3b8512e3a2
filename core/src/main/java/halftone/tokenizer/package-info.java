/// Text to token ids and back, as the model's own vocabulary says.
@org.jspecify.annotations.NullMarked
package halftone.tokenizer;
