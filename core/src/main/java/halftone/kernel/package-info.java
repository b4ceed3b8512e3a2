/// The arithmetic that takes the time: products, attention, exponentials, the searches of encoders.
/// The only room that uses the Vector API.
///
/// Every sum has one fixed order, the same on every CPU: a result is one lane, its terms are added
/// one by one with fused multiply-add in chunks of [halftone.kernel.ScalarKernels#CHUNK], and the
/// chunks are added in turn. So results depend neither on the width of the vectors, nor on the
/// number of workers, nor on what else is computed in the same call, and
/// [halftone.kernel.VectorKernels] equals [halftone.kernel.ScalarKernels] bit for bit.
@org.jspecify.annotations.NullMarked
package halftone.kernel;
