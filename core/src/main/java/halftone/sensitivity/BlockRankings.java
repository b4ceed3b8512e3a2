package halftone.sensitivity;

import halftone.method.Parameters;
import java.util.List;
import java.util.Optional;

/// The methods that rank whole blocks, with their default parameters, and how they are found by
/// name.
public final class BlockRankings {
  public static final List<BlockRanking> ALL =
      List.of(
          CorrelationRanking.STANDARD,
          PruningRanking.STANDARD,
          TaylorRanking.STANDARD,
          new RandomRanking(0));

  private BlockRankings() {}

  /// A ranking by the id of its card, perhaps with parameters behind a colon: `cmpq:global=true`,
  /// `tdmpq:second=false`, `random-blocks:seed=7`. Empty where none has the id.
  ///
  /// @throws IllegalArgumentException for a parameter that the ranking has not
  public static Optional<BlockRanking> parse(String text) {
    Parameters given = new Parameters(text);
    Optional<BlockRanking> ranking =
        switch (given.id()) {
          case "cmpq" -> {
            CorrelationRanking usual = CorrelationRanking.STANDARD;
            yield Optional.of(
                new CorrelationRanking(
                    usual.components(), usual.energy(), given.flag("global", usual.global())));
          }
          case "pmpq" -> Optional.of(PruningRanking.STANDARD);
          case "tdmpq" -> Optional.of(new TaylorRanking(given.flag("second", true)));
          case "random-blocks" ->
              Optional.of(new RandomRanking(given.get("seed", 0L, Long::valueOf)));
          default -> Optional.empty();
        };
    if (ranking.isPresent()) {
      given.requireAllAsked();
    }
    return ranking;
  }
}
