package halftone.runtime;

import halftone.model.Op;
import halftone.numeric.InputRounding;
import java.util.List;

/// Linear layers of the same value that round it alike: one piece of work for all threads.
///
/// @param layers what they are in the network
/// @param outputs numbers of the values they work out
/// @param products their weights, and where results go this time
record Linears(
    InputRounding rounding,
    List<Op.Linear> layers,
    int[] outputs,
    List<Products.Product> products) {}
