/// Gradients, curvature and heavy linear algebra by libtorch.
@org.jspecify.annotations.NullMarked
package halftone.torch;
