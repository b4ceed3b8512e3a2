package halftone.sensitivity;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a tensor stands in the network, read off its GGUF name: `blk.7.ffn_down.weight` is kind
/// `ffn_down` in block 7.
///
/// @param block −1 outside the blocks
public record TensorKind(String kind, int block) {
  private static final Pattern IN_BLOCK = Pattern.compile("blk\\.(\\d+)\\.(.+)\\.weight");

  public static TensorKind of(String tensorName) {
    Matcher matcher = IN_BLOCK.matcher(tensorName);
    return matcher.matches()
        ? new TensorKind(matcher.group(2), Integer.parseInt(matcher.group(1)))
        : new TensorKind(tensorName.replaceAll("\\.weight$", ""), -1);
  }

  public boolean inBlock() {
    return block >= 0;
  }

  /// The depth group of this block when `blocks` blocks are cut into `groups` runs of nearly equal
  /// length.
  public int depth(int groups, int blocks) {
    return (int) ((long) block * groups / blocks);
  }
}
