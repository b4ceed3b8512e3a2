/// The quantized CPU engine: one exhaustive switch over the operations.
@org.jspecify.annotations.NullMarked
package halftone.runtime;
