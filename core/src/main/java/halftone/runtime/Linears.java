package halftone.runtime;

import halftone.numeric.InputRounding;
import java.util.List;

/// Linear layers of the same value that round it alike: one piece of work for all threads.
///
/// @param products their weights, and where results go this time
record Linears(InputRounding rounding, List<Products.Product> products) {}
