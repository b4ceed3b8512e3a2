/// Curvature of losses: Hessian-vector products and what is estimated from them. Vectors are flat
/// tensors over the parameters, block after block, as a [Layout] says.
@org.jspecify.annotations.NullMarked
package halftone.torch.curvature;
