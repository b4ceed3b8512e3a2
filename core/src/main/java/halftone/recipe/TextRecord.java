package halftone.recipe;

import halftone.huggingface.JsonObject;
import halftone.model.MalformedFileException;
import halftone.text.Role;

/// What a file's metadata say of its calibration text, in a manifest as JSON.
///
/// @param name without a folder
/// @param chunksSha256 of the tokens that were run
record TextRecord(String name, String chunksSha256, long bytes) {
  /// Reads a manifest.
  ///
  /// @throws MalformedFileException when it names no calibration text, or is no manifest
  static TextRecord calibration(String file, String manifest) {
    for (JsonObject text : JsonObject.parse(file, manifest).objects("texts")) {
      if (text.text("role").filter(Role.CALIBRATION.id()::equals).isPresent()) {
        return new TextRecord(
            text.requireText("name"),
            text.requireText("chunks_sha256"),
            text.integer("bytes").orElse(0));
      }
    }
    throw new MalformedFileException(
        file, "halftone.texts", "no calibration text", "it cannot be made again");
  }
}
