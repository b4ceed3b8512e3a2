/// What papers claim of kernels, measured: the sides of a claim take turns in one process.
@org.jspecify.annotations.NullMarked
package halftone.bench.claims;
