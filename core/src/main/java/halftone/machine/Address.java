package halftone.machine;

/// A place in memory: a general register plus a displacement in bytes.
public record Address(Register base, int displacement) {}
