package halftone.quantizer;

import java.util.List;

/// The members of this room, with their default parameters.
public final class Quantizers {
  public static final List<Quantizer> ALL =
      List.of( //
          new FormatEncoder(), //
          new RoundToNearest(), //
          new Gptq(), //
          new AdaRound());

  private Quantizers() {}
}
