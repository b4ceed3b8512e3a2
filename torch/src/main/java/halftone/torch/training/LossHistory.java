package halftone.torch.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How the loss fell, in nats a token.
///
/// @param training mean loss of each step's batch
/// @param heldOut loss on the held-out text, measured now and then
/// @param seconds time spent on all steps, breaks between runs not counted
public record LossHistory(float[] training, List<Point> heldOut, double seconds) {
  /// A measurement after `step` steps.
  public record Point(int step, float loss) {}

  static final LossHistory EMPTY = new LossHistory(new float[0], List.of(), 0);

  public LossHistory {
    heldOut = List.copyOf(heldOut);
  }

  /// Steps done.
  public int steps() {
    return training.length;
  }

  LossHistory withStep(double loss, double took) {
    float[] longer = Arrays.copyOf(training, training.length + 1);
    longer[training.length] = (float) loss;
    return new LossHistory(longer, heldOut, seconds + took);
  }

  LossHistory withHeldOut(double loss) {
    List<Point> more = new ArrayList<>(heldOut);
    more.add(new Point(steps(), (float) loss));
    return new LossHistory(training, more, seconds);
  }

  /// Mean training loss of the steps `from … to − 1`.
  public double mean(int from, int to) {
    double sum = 0;
    for (int step = from; step < to; step++) {
      sum += training[step];
    }
    return sum / (to - from);
  }
}
