/// Curvature against closed forms and matrices written out.
@org.jspecify.annotations.NullMarked
package halftone.torch.curvature;
