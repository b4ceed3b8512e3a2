package halftone.sensitivity;

import java.util.List;

/// The methods that rank whole blocks.
public final class BlockRankings {
  public static final List<BlockRanking> ALL =
      List.of(CorrelationRanking.STANDARD, PruningRanking.STANDARD, TaylorRanking.STANDARD);

  private BlockRankings() {}
}
