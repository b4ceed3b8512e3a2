package halftone.app.doctor;

import halftone.evidence.GradientsUnavailableException;
import halftone.torch.Libtorch;
import java.nio.file.Path;
import java.util.List;

/// Whether libtorch loads, which `train` and the metrics of gradients need and nothing else.
record GradientsCheck() implements Check {
  private static final String TOPIC = "gradients";

  @Override
  public Finding look(Path store) {
    try {
      Libtorch.load();
      return new Finding(TOPIC, List.of(Fact.of("libtorch loads", true)), List.of());
    } catch (GradientsUnavailableException missing) {
      return new Finding(
          TOPIC,
          List.of(Fact.of("libtorch loads", false)),
          List.of(
              new Remark(
                  Verdict.LIMITED,
                  String.valueOf(missing.getMessage()),
                  "everything but train and the metrics kronecker and first-order works without")));
    }
  }
}
