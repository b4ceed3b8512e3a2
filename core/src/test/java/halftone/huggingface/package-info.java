@org.jspecify.annotations.NullMarked
package halftone.huggingface;
