package halftone.preset;

import halftone.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Tensor-type files to damage.
public final class TensorTypeTarget {
  private TensorTypeTarget() {}

  public static FuzzTarget file(Path folder) {
    Path file = folder.resolve(FuzzTarget.FILE + ".types");
    String text = "blk\\.[0-3]\\.ffn_(down|up)=iq4_xs\nattn_.*=q5_k\n^output\\.weight$=Q8_0\n";
    return new FuzzTarget(
        "tensor types",
        50,
        List.of(text.getBytes(StandardCharsets.UTF_8)),
        input -> {
          Files.write(file, input);
          TensorTypeRule.first(TensorTypeFile.read(file), "blk.12.ffn_down_exps.weight");
        },
        Set.of(IllegalArgumentException.class));
  }
}
