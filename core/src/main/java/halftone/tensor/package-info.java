/// Shapes, tensors and lazily decoded weights.
@org.jspecify.annotations.NullMarked
package halftone.tensor;
