package halftone.transform;

import halftone.method.Card;
import halftone.method.Need;
import halftone.model.InputBlocks;
import halftone.model.Model;
import halftone.model.Stage;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/// FMPQ of COMET (Liu et al., arXiv 2410.12168): brings the channels that stand out together, so
/// that they are in few blocks of a layer's inputs, and notes in the model which blocks those are
/// ([InputBlocks]). The network computes what it did; run with `fmpq` as its arithmetic, inputs
/// keep eight bits in those blocks and have four in the others.
///
/// The residual stream has one order everywhere, of channels by the largest multiple of the median
/// that any layer sees; each gated product has its own. Inputs of attention's output keep their
/// places: heads share what their positions mean, and blocks that hold outliers keep eight bits as
/// they lie.
///
/// @param block channels under one scale
/// @param theta a channel stands out whose largest magnitude is above so many times the median
/// @param share instead of by `theta`, the blocks with the largest channels until this share of
///   each layer's inputs has eight bits; 0 for `theta`
public record Fmpq(int block, double theta, double share) implements Transform {
  public Fmpq {
    if (block < 1 || !(theta > 0) || !(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "fmpq takes block ≥ 1, theta > 0 and a share between 0 and 1");
    }
  }

  /// The paper's blocks, and outliers six times the median.
  public Fmpq() {
    this(128, 6, 0);
  }

  @Override
  public String spelled() {
    return "fmpq:block=%d:theta=%s:share=%s".formatted(block, theta, share);
  }

  @Override
  public Card card() {
    return new Card(
        "fmpq",
        "FMPQ: four-bit inputs but for blocks of outliers",
        "arXiv 2410.12168",
        Set.of(Need.CALIBRATION_TEXT));
  }

  /// One number a channel and layer: the largest magnitude, the network's order.
  ///
  /// @throws IllegalArgumentException where inputs are no whole number of blocks, or channels of
  ///   the residual stream cannot change places
  @Override
  public double[] measure(Model model, int[][] tokens, Workers workers) {
    ResidualStream.of(model);
    List<String> layers = layers(model);
    layers.forEach(weight -> requireBlocks(weight, columns(model, weight)));
    ChannelStatistics statistics = ChannelStatistics.gather(model, tokens, workers);
    return SiteFactors.joined(layers.stream().map(statistics::largest).toList());
  }

  private void requireBlocks(String weight, int columns) {
    if (columns % block != 0) {
      throw new IllegalArgumentException(
          "the %d inputs of %s are no whole number of blocks of %d; try fmpq:block=%d"
              .formatted(
                  columns,
                  weight,
                  block,
                  Math.min(Integer.lowestOneBit(columns), new Fmpq().block())));
    }
  }

  private static int columns(Model model, String weight) {
    return Objects.requireNonNull(model.tensors().get(weight)).shape().columns();
  }

  /// Weights of the linear layers in blocks, in graph order.
  private static List<String> layers(Model model) {
    List<String> names = new ArrayList<>();
    for (Stage stage : model.blocks()) {
      names.addAll(Model.linears(stage));
    }
    return names;
  }

  @Override
  public Model apply(Model model, double[] measured) {
    SequencedMap<String, OutlierChannels> channels = channels(model, measured);
    SequencedMap<String, int[]> orders = new LinkedHashMap<>();
    Reordering reordering = new Reordering(model);
    ResidualStream stream = ResidualStream.of(model);
    List<String> readers = stream.readers().stream().filter(channels::containsKey).toList();
    int[] order = order(OutlierChannels.together(all(channels, readers)));
    stream.order(reordering, order);
    orders.put("residual", order);
    readers.forEach(weight -> channels.computeIfPresent(weight, (w, own) -> own.ordered(order)));
    for (GatedChannels gated : GatedChannels.of(model)) {
      int[] own = order(OutlierChannels.together(all(channels, gated.readers())));
      gated.order(reordering, own);
      orders.put(gated.name(), own);
      gated
          .readers()
          .forEach(weight -> channels.computeIfPresent(weight, (w, each) -> each.ordered(own)));
    }
    SequencedMap<String, List<Integer>> eight = new LinkedHashMap<>();
    channels.forEach((weight, own) -> eight.put(weight, eightBits(own)));
    Model ordered = reordering.apply();
    return new Model(
        ordered.stages(),
        ordered.tensors(),
        new InputBlocks(block, eight, orders).in(ordered.metadata()));
  }

  private static SequencedMap<String, OutlierChannels> channels(Model model, double[] measured) {
    SequencedMap<String, OutlierChannels> channels = new LinkedHashMap<>();
    int at = 0;
    for (String weight : layers(model)) {
      float[] largest = new float[columns(model, weight)];
      for (int c = 0; c < largest.length; c++) {
        largest[c] = (float) measured[at++];
      }
      channels.put(weight, OutlierChannels.of(largest));
    }
    return channels;
  }

  private static List<OutlierChannels> all(
      SequencedMap<String, OutlierChannels> channels, List<String> weights) {
    return weights.stream().map(name -> Objects.requireNonNull(channels.get(name))).toList();
  }

  private int[] order(OutlierChannels channels) {
    int blocks = channels.magnitudes().length / block;
    return channels.order(share > 0 ? count(blocks) * block : channels.count(theta));
  }

  private List<Integer> eightBits(OutlierChannels channels) {
    int blocks = channels.magnitudes().length / block;
    return share > 0 ? channels.largestBlocks(block, count(blocks)) : channels.blocks(block, theta);
  }

  private int count(int blocks) {
    return (int) Math.floor(share * blocks);
  }
}
