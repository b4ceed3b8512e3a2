package halftone.recipe;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import halftone.model.MalformedFileException;
import halftone.text.Role;
import org.jspecify.annotations.Nullable;

/// What a file's metadata say of the texts it was made with: a manifest as JSON.
final class TextRecord {
  private TextRecord() {}

  /// The line of the calibration text.
  ///
  /// @throws MalformedFileException when there is none
  static JsonObject calibration(String file, String json) {
    try {
      JsonArray texts = JsonParser.object().from(json).getArray("texts", new JsonArray());
      for (int i = 0; i < texts.size(); i++) {
        JsonObject entry = texts.getObject(i, new JsonObject());
        if (Role.CALIBRATION.id().equals(entry.getString("role"))) {
          return entry;
        }
      }
    } catch (JsonParserException e) {
      throw malformed(file, e.getMessage());
    }
    throw malformed(file, "no calibration text");
  }

  private static MalformedFileException malformed(String file, @Nullable String found) {
    return new MalformedFileException(
        file, "halftone.texts", String.valueOf(found), "it cannot be made again");
  }
}
