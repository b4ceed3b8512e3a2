/// Weights that no single number format holds: columns or rows of different widths, a codebook for
/// every row, sparse outliers, low-rank corrections. A weight is a sum of such parts.
@org.jspecify.annotations.NullMarked
package halftone.parts;
