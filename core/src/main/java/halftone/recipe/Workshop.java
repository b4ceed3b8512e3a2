package halftone.recipe;

import halftone.model.Model;
import halftone.workers.Workers;

/// What every step of the road works with.
///
/// @param modelHash SHA-256 of the model file, in hexadecimal
/// @param memo finished units of work
record Workshop(Model model, String modelHash, Workers workers, Memo memo, Progress progress) {}
