package halftone.allocation;

/// The answer to "the smallest cost with at most this loss".
///
/// @param allocation the best choice at the smallest cost found
/// @param lowerBound no choice within the loss costs less than this; equal to the cost when the
///   search proved it
public record SmallestWithin(Allocation allocation, long lowerBound) {}
