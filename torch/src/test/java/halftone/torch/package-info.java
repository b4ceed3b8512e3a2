/// Gradients against oracles: closed forms, differences, and the quantized engine.
@org.jspecify.annotations.NullMarked
package halftone.torch;
