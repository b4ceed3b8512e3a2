/// Function-preserving rewrites of a network: what it computes stays, what rounding does to it
/// changes. Weights stay lazy.
@org.jspecify.annotations.NullMarked
package halftone.transform;
