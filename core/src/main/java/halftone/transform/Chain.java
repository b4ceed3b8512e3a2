package halftone.transform;

import halftone.method.Card;
import halftone.method.Need;
import halftone.model.Model;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Several transforms, each of the network that the one before has made.
///
/// @param links two at least
public record Chain(List<Transform> links) implements Transform {
  public Chain {
    links = List.copyOf(links);
    if (links.size() < 2) {
      throw new IllegalArgumentException("a chain has two links at least, not " + links.size());
    }
  }

  @Override
  public String spelled() {
    return links.stream().map(Transform::spelled).collect(Collectors.joining("+"));
  }

  @Override
  public Card card() {
    Set<Need> needs = EnumSet.noneOf(Need.class);
    links.forEach(link -> needs.addAll(link.card().needs()));
    return new Card(
        links.stream().map(link -> link.card().id()).collect(Collectors.joining("+")),
        links.stream().map(link -> link.card().title()).collect(Collectors.joining(", then ")),
        "none",
        needs);
  }

  /// For every link the number of its numbers, then these.
  @Override
  public double[] measure(Model model, int[][] tokens, Workers workers) {
    List<double[]> parts = new ArrayList<>();
    Model network = model;
    for (Transform link : links) {
      double[] measured = link.measure(network, tokens, workers);
      parts.add(new double[] {measured.length});
      parts.add(measured);
      network = link.apply(network, measured);
    }
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  @Override
  public Model apply(Model model, double[] measured) {
    Model network = model;
    int at = 0;
    for (Transform link : links) {
      int count = (int) measured[at++];
      network = link.apply(network, Arrays.copyOfRange(measured, at, at + count));
      at += count;
    }
    return network;
  }
}
