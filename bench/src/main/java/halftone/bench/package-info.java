/// One benchmark for each kernel and hot encoder. What an operation is stands at each class;
/// `docs/benchmarks.md` says how to run them.
@org.jspecify.annotations.NullMarked
package halftone.bench;
