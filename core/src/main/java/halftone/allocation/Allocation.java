package halftone.allocation;

import java.time.Duration;

/// A choice and its certificate.
///
/// @param choice option of each unit
/// @param loss the choice's loss
/// @param lowerBound no choice within the budgets loses less
/// @param gap `(loss − lowerBound) / |loss|`, 0 when both are equal
/// @param used what the choice spends of each resource, never above its limit
/// @param shadowPrices loss that one more unit of each resource would save, by the linear
///   relaxation
/// @param time wall time of the search; the only component that differs between runs
public record Allocation(
    int[] choice,
    double loss,
    double lowerBound,
    double gap,
    long[] used,
    double[] shadowPrices,
    Duration time) {}
