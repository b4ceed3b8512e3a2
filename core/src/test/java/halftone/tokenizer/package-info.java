@org.jspecify.annotations.NullMarked
package halftone.tokenizer;
