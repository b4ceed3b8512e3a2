/// How good a quantized network is: perplexity, Kullback-Leibler divergence, and what one may
/// conclude from them.
@org.jspecify.annotations.NullMarked
package halftone.evaluation;
