package halftone.torch.training;

import halftone.model.Model;
import halftone.torch.Batch;
import halftone.torch.LinearTap;
import halftone.torch.Losses;
import halftone.torch.Memory;
import halftone.torch.Parameters;
import halftone.torch.TorchEngine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Losses and gradients of a network over batches of rows, several groups of rows at a time.
///
/// Each thread runs whole groups by itself, with one thread of libtorch: no barrier inside an
/// operation waits for a core that another program has. Sums over groups run in the order of the
/// groups, so a result does not depend on the number of threads.
final class BatchGradients implements AutoCloseable {
  /// One group's, or a whole batch's. The gradients live until [#close].
  record Result(double loss, List<Tensor> gradients) implements AutoCloseable {
    @Override
    public void close() {
      gradients.forEach(Tensor::releaseReference);
    }
  }

  private final Model model;
  private final Parameters parameters;
  private final List<String> names;
  private final ExecutorService threads;

  /// @param names tensors that gradients are taken of, all decoded by now
  BatchGradients(Model model, Parameters parameters, Collection<String> names, int threads) {
    this.model = model;
    this.parameters = parameters;
    this.names = List.copyOf(names);
    this.threads =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().name("training-", 0).daemon().factory());
    openblas_nolapack.blas_set_num_threads(1);
  }

  /// Makes libtorch's operations that are started from the calling thread run on it alone.
  static void aloneOnThisThread() {
    torch.set_num_threads(1);
  }

  /// Mean loss over all rows, and its gradients.
  Result of(int[][] rows, int group) throws InterruptedException {
    List<Future<Result>> futures = new ArrayList<>();
    for (int from = 0; from < rows.length; from += group) {
      int[][] part = java.util.Arrays.copyOfRange(rows, from, Math.min(rows.length, from + group));
      futures.add(threads.submit(() -> gradients(part)));
    }
    List<Result> parts = new ArrayList<>();
    for (Future<Result> future : futures) {
      parts.add(finished(future));
    }
    return mean(parts);
  }

  /// Mean loss of each row.
  List<Double> losses(int[][] rows) throws InterruptedException {
    List<Future<Double>> futures = new ArrayList<>();
    for (int[] row : rows) {
      futures.add(threads.submit(() -> loss(row)));
    }
    List<Double> losses = new ArrayList<>();
    for (Future<Double> future : futures) {
      losses.add(finished(future));
    }
    return losses;
  }

  private static <T> T finished(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a step of the training failed", failure.getCause());
    }
  }

  private Result gradients(int[][] rows) {
    aloneOnThisThread();
    try (PointerScope scope = new PointerScope();
        TorchEngine engine = new TorchEngine(model, parameters)) {
      Batch batch = new Batch(rows);
      Tensor loss = Losses.nextToken(engine.logits(batch, LinearTap.NONE), batch);
      TensorVector found = torch.grad(new TensorVector(loss), parameters.vector(names));
      List<Tensor> kept = new ArrayList<>();
      for (long i = 0; i < found.size(); i++) {
        kept.add(Memory.kept(found.get(i).contiguous()));
      }
      return new Result(loss.item_float(), kept);
    }
  }

  private double loss(int[] row) {
    aloneOnThisThread();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard();
        TorchEngine engine = new TorchEngine(model, parameters)) {
      Batch batch = new Batch(new int[][] {row});
      return Losses.nextToken(engine.logits(batch, LinearTap.NONE), batch).item_float();
    }
  }

  /// Adds all to the first, in order.
  private static Result mean(List<Result> parts) {
    Result first = parts.getFirst();
    double loss = first.loss();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      for (Result part : parts.subList(1, parts.size())) {
        loss += part.loss();
        for (int i = 0; i < first.gradients().size(); i++) {
          first.gradients().get(i).add_(part.gradients().get(i));
        }
        part.close();
      }
      Scalar share = new Scalar(1.0 / parts.size());
      first.gradients().forEach(gradient -> gradient.mul_(share));
    }
    return new Result(loss / parts.size(), first.gradients());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
