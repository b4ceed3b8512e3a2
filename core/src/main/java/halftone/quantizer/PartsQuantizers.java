package halftone.quantizer;

import halftone.method.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
          new Bipolar(),
          new Integers());

  private PartsQuantizers() {}

  /// A method by the id of its card, perhaps with parameters behind a colon, called as in its
  /// record but with dashes: `gptq-groups:group=32:act-order=true`, `mx:rule=ceil`, `lorc:rank=16`.
  /// Empty where none has the id.
  ///
  /// @throws IllegalArgumentException for a parameter that the method has not, or a wrong value
  public static Optional<PartsQuantizer> parse(String text) {
    Parameters given = new Parameters(text);
    Optional<PartsQuantizer> method = Optional.ofNullable(integers(given));
    if (method.isPresent()) {
      given.requireAllAsked();
    }
    return method;
  }

  /// Integers in groups.
  private static @Nullable PartsQuantizer integers(Parameters given) {
    return switch (given.id()) {
      case "gptq-groups" -> {
        GroupGptq usual = new GroupGptq();
        yield new GroupGptq(
            given.count("group", usual.group()),
            given.flag("act-order", usual.actOrder()),
            given.flag("search", usual.search()),
            given.flag("symmetric", usual.symmetric()),
            given.positive("damping", usual.damping()));
      }
      case "awq-clip" -> {
        AwqClip usual = new AwqClip();
        yield new AwqClip(
            given.count("group", usual.group()), given.flag("feedback", usual.feedback()));
      }
      case "hqq" -> {
        HalfQuadratic usual = new HalfQuadratic();
        yield new HalfQuadratic(
            given.count("group", usual.group()),
            given.positive("p", usual.p()),
            given.positive("beta", usual.beta()),
            given.count("rounds", usual.rounds()));
      }
      case "slim-llm" -> {
        SlimLlm usual = new SlimLlm();
        yield new SlimLlm(
            given.count("group", usual.group()), given.positive("salience", usual.salience()));
      }
      case "mixllm" -> {
        MixLlm usual = new MixLlm();
        yield new MixLlm(
            given.count("group", usual.group()),
            given.flag("first-order", usual.firstOrder()),
            usual.share());
      }
      case "bipolar" -> {
        Bipolar usual = new Bipolar();
        yield new Bipolar(given.count("group", usual.group()), rounding(given, usual.rounding()));
      }
      case "integers" -> {
        Integers usual = new Integers();
        yield new Integers(
            given.get("scale", usual.scale(), text -> named(Integers.Scale.class, "scale", text)),
            rounding(given, usual.rounding()),
            given.get(
                "spiking", usual.spiking(), text -> named(Integers.Spiking.class, "spiking", text)),
            given.positive("cut", usual.cut()));
      }
      default -> others(given);
    };
  }

  private static @Nullable PartsQuantizer others(Parameters given) {
    return switch (given.id()) {
      case "squeezellm" -> {
        SqueezeLlm usual = new SqueezeLlm();
        yield new SqueezeLlm(
            given.number("sensitive", usual.sensitive()), given.number("total", usual.total()));
      }
      case "lorc" -> {
        LowRankCompensation usual = new LowRankCompensation();
        yield new LowRankCompensation(
            usual.base(), given.count("rank", usual.rank()), given.flag("aware", usual.aware()));
      }
      case "minifloat-ptq" -> new MinifloatPtq(rounding(given, new MinifloatPtq().rounding()));
      case "mx" -> {
        Microscaling usual = new Microscaling();
        yield new Microscaling(
            given.get("rule", usual.rule(), text -> named(MxRule.class, "rule", text)),
            rounding(given, usual.rounding()));
      }
      case "nvfp4" -> new TwoLevelNvfp4(rounding(given, new TwoLevelNvfp4().rounding()));
      case "nf4" -> {
        NormalFloat usual = new NormalFloat();
        yield new NormalFloat(
            given.flag("doubled", usual.doubled()), rounding(given, usual.rounding()));
      }
      default -> null;
    };
  }

  private static ElementChoice rounding(Parameters given, ElementChoice usual) {
    return given.get("rounding", usual, text -> named(ElementChoice.class, "rounding", text));
  }

  private static <E extends Enum<E>> E named(Class<E> kind, String key, String text) {
    List<String> known = new ArrayList<>();
    for (E each : kind.getEnumConstants()) {
      String name = each.name().toLowerCase(Locale.ROOT);
      if (name.equals(text)) {
        return each;
      }
      known.add(name);
    }
    throw new IllegalArgumentException(
        "%s is one of %s, not '%s'".formatted(key, String.join(", ", known), text));
  }
}
