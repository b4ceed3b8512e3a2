package halftone.store;

import java.time.Instant;
import java.util.Optional;

/// One run of the program.
///
/// @param recipe what was asked for, enough to ask for it again
/// @param record what came of it, as JSON; absent while the run goes on, and for ever when it was
///   killed
public record Run(String id, Instant started, String recipe, Optional<String> record) {}
