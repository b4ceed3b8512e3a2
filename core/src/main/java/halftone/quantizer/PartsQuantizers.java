package halftone.quantizer;

import halftone.method.Parameters;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The methods whose weights only our own layout holds, with their default parameters, and how they
/// are found by name.
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

  /// A method by the id of its card, perhaps with parameters behind a colon, called as in its
  /// record but with dashes: `gptq-groups:group=32:act-order=true`, `mx:rule=ceil`, `lorc:rank=16`.
  /// Empty where none has the id.
  ///
  /// @throws IllegalArgumentException for a parameter that the method has not, or a wrong value
  public static Optional<PartsQuantizer> parse(String text) {
    int colon = text.indexOf(':');
    Parameters given = new Parameters(colon < 0 ? "" : text.substring(colon + 1));
    Optional<PartsQuantizer> method =
        Optional.ofNullable(
            switch (colon < 0 ? text : text.substring(0, colon)) {
              case "gptq-groups" -> groups(given);
              case "awq-clip" -> new AwqClip(group(given, 128), given.flag("feedback", false));
              case "hqq" ->
                  new HalfQuadratic(
                      group(given, 64),
                      given.number("p", 0.7),
                      given.number("beta", 10),
                      count(given, "rounds", 20));
              case "squeezellm" ->
                  new SqueezeLlm(given.number("sensitive", 0.0005), given.number("total", 0.0045));
              case "slim-llm" -> new SlimLlm(group(given, 64), given.number("salience", 1));
              case "mixllm" ->
                  new MixLlm(
                      group(given, 64), given.flag("first-order", true), new MixLlm().share());
              case "lorc" ->
                  new LowRankCompensation(
                      new GroupGptq(), count(given, "rank", 8), given.flag("aware", true));
              case "minifloat-ptq" -> new MinifloatPtq(given.flag("feedback", true));
              case "mx" ->
                  new Microscaling(
                      given.get("rule", MxRule.FLOOR, PartsQuantizers::rule),
                      given.flag("feedback", true));
              case "nvfp4" -> new TwoLevelNvfp4(given.flag("feedback", true));
              case "nf4" ->
                  new NormalFloat(given.flag("doubled", true), given.flag("feedback", true));
              case "bipolar" -> new Bipolar(group(given, 64), given.flag("feedback", true));
              default -> null;
            });
    if (method.isPresent()) {
      given.requireAllAsked();
    }
    return method;
  }

  private static GroupGptq groups(Parameters given) {
    return new GroupGptq(
        group(given, 64),
        given.flag("act-order", false),
        given.flag("search", true),
        given.flag("symmetric", false),
        given.number("damping", GroupGptq.DAMPING));
  }

  private static int group(Parameters given, int usual) {
    return count(given, "group", usual);
  }

  private static int count(Parameters given, String key, int usual) {
    int count = given.get(key, usual, Integer::valueOf);
    if (count < 1) {
      throw new IllegalArgumentException(key + " is a number above 0, not " + count);
    }
    return count;
  }

  private static MxRule rule(String text) {
    for (MxRule rule : MxRule.values()) {
      if (rule.name().toLowerCase(Locale.ROOT).equals(text)) {
        return rule;
      }
    }
    throw new IllegalArgumentException("rule is floor, ceil, rceil or even, not '" + text + "'");
  }
}
