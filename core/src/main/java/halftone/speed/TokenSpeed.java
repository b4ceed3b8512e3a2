package halftone.speed;

/// Tokens a second: medians of some rounds.
///
/// @param prefill of a prompt, read at once
/// @param decode of tokens that are written one after the other
public record TokenSpeed(double prefill, double decode) {}
