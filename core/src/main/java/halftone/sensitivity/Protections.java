package halftone.sensitivity;

import java.util.List;

/// The methods that say which weights are not to be quantized coarsely.
public final class Protections {
  public static final List<SpikeAware> ALL = List.of(new SpikeAware());

  private Protections() {}
}
