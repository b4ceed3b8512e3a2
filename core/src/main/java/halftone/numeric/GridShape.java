package halftone.numeric;

/// How a grid type turns codes into numbers: sign · entry · d · (2s + 1) · unit.
///
/// @param group weights that share a scale code: 16 or 32
/// @param evenSigns whether each 8 weights carry an even number of minus signs, so that 7 are
///   stored
record GridShape(GridCodebook codebook, int group, float unit, boolean evenSigns) {}
