/// Quantizers decide the codes of a weight; the number format decides what a code means.
@org.jspecify.annotations.NullMarked
package halftone.quantizer;
