package halftone.numeric;

/// What IQ4_NL and IQ4_XS share: sixteen uneven entries ([Codebook#IQ4]) under one scale for 32
/// weights.
abstract class Iq4Format extends BlockWeightFormat {
  Iq4Format(String id, int weights, int bytes) {
    super(id, weights, bytes);
  }

  @Override
  final int group() {
    return 32;
  }

  @Override
  final BlockRows newRows(int rows, int columns) {
    return new CodebookRows(this, rows, columns, Codebook.IQ4);
  }

  @Override
  final void fitAll(Block[] blocks) {
    int n = layout().weights();
    for (Block b : blocks) {
      if (b.weighted) {
        b.weighByImportance(2 * Block.sumOfSquares(b.x, 0, n) / n, 0, n);
      } else {
        b.weighBySquare(0, n);
      }
    }
    Groups groups = Groups.of(blocks);
    CodebookSearch.fit(groups);
    groups.scatter(blocks);
    super.fitAll(blocks);
  }
}
