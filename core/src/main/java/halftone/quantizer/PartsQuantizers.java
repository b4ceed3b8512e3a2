package halftone.quantizer;

import java.util.List;

/// The methods whose weights only our own layout holds, with their default parameters.
public final class PartsQuantizers {
  public static final List<PartsQuantizer> ALL =
      List.of(
          new GroupGptq(),
          new AwqClip(),
          new HalfQuadratic(),
          new SqueezeLlm(),
          new SlimLlm(),
          new MixLlm(),
          new LowRankCompensation(),
          new MinifloatPtq(),
          new Microscaling(),
          new TwoLevelNvfp4(),
          new NormalFloat(),
          new Bipolar());

  private PartsQuantizers() {}
}
