package halftone.recipe;

import halftone.fuzz.FuzzTarget;
import halftone.model.MalformedFileException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// What files say of their texts, to damage.
public final class TextRecordTarget {
  private static final String RECORD =
      "{\"chunk_tokens\":512,\"seed\":0,\"texts\":[{\"role\":\"calibration\",\"name\":\"a.txt\","
          + "\"bytes\":1000,\"sha256\":\"ab\",\"tokens\":300,\"chunks\":2,\"chunks_sha256\":\"cd\"}]}";

  private TextRecordTarget() {}

  public static FuzzTarget json() {
    return new FuzzTarget(
        "text record",
        60,
        List.of(RECORD.getBytes(StandardCharsets.UTF_8)),
        input -> {
          String json = new String(input, StandardCharsets.UTF_8);
          TextRecord.calibration(FuzzTarget.FILE, json);
        },
        Set.of(MalformedFileException.class));
  }
}
