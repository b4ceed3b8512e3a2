package halftone.torch;

import halftone.model.Op;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// What each [Op] computes, from differentiable operations only. Values are matrices of one row a
/// token.
final class TensorOperations {
  private final Parameters parameters;
  private final Tables tables;

  TensorOperations(Parameters parameters, Tables tables) {
    this.parameters = parameters;
    this.tables = tables;
  }

  Tensor embed(Op.Embedding op, Batch batch) {
    Tensor table = parameters.get(op.table());
    long vocabulary = table.size(0);
    for (int[] sequence : batch.tokens()) {
      for (int token : sequence) {
        if (token < 0 || token >= vocabulary) {
          throw new IllegalArgumentException(
              "token %d is not among the %d of the vocabulary".formatted(token, vocabulary));
        }
      }
    }
    return torch.embedding(table, batch.ids());
  }

  Tensor linear(Op.Linear op, Tensor x) {
    Tensor weight = parameters.get(op.weight());
    if (op.bias() == null) {
      return torch.linear(x, weight);
    }
    return torch.linear(x, weight, new TensorOptional(parameters.get(op.bias())));
  }

  Tensor norm(Op.RmsNorm op, Tensor x) {
    Tensor gain = parameters.get(op.gain());
    Tensor runs = gain.numel() == x.size(1) ? x : x.view(-1, gain.numel());
    Tensor mean = meanSquare(runs);
    Tensor normed = runs.mul(torch.rsqrt(mean.add(new Scalar(op.epsilon())))).mul(gain);
    return gain.numel() == x.size(1) ? normed : normed.view(x.size(0), x.size(1));
  }

  /// Of each row, kept as a column.
  static Tensor meanSquare(Tensor rows) {
    return rows.mul(rows).mean(new long[] {1}, true, null);
  }

  /// The pairs of a head are turned all at once: x ⊙ cosines + partners of x ⊙ signed sines.
  Tensor rope(Op.Rope op, Tensor x, int length) {
    Tables.Rotation rotation = tables.rotation(op, length);
    long rows = x.size(0);
    Tensor heads = x.view(rows / length, length, op.heads(), op.headSize());
    Tensor turning = op.dimensions() == op.headSize() ? heads : heads.narrow(3, 0, op.dimensions());
    Tensor turned =
        turning.mul(rotation.cosines()).add(partners(op, turning).mul(rotation.sines()));
    if (op.dimensions() < op.headSize()) {
      int rest = op.headSize() - op.dimensions();
      turned = torch.cat(new TensorVector(turned, heads.narrow(3, op.dimensions(), rest)), 3);
    }
    return turned.reshape(rows, x.size(1));
  }

  private static Tensor partners(Op.Rope op, Tensor heads) {
    int half = op.dimensions() / 2;
    Tensor pairs =
        op.neox() ? heads.unflatten(3, 2, half).flip(3) : heads.unflatten(3, half, 2).flip(4);
    return pairs.flatten(3, 4);
  }

  /// Unfused, since libtorch's fused attention has no double backward. The query heads of one
  /// key-value head are stacked, so that keys and values are never copied for them.
  Tensor attend(Op.Attention op, Tensor queries, Tensor keys, Tensor values, int length) {
    long sequences = queries.size(0) / length;
    int shared = op.heads() / op.keyValueHeads();
    long stacked = (long) shared * length;
    Tensor q =
        queries
            .view(sequences, length, op.keyValueHeads(), shared, op.headSize())
            .permute(0, 2, 3, 1, 4)
            .reshape(sequences, op.keyValueHeads(), stacked, op.headSize());
    Tensor k = split(op, keys, length).permute(0, 2, 3, 1);
    Tensor v = split(op, values, length).permute(0, 2, 1, 3);
    Tensor scores = torch.matmul(q.mul(new Scalar(op.scale())), k);
    if (op.softCap() > 0) {
      scores = capped(scores, op.softCap());
    }
    // In place: a fresh matrix of this size would cost as much as the sum.
    scores.add_(tables.mask(length, op.window(), shared));
    return torch
        .matmul(torch.softmax(scores, 3), v)
        .view(sequences, op.keyValueHeads(), shared, length, op.headSize())
        .permute(0, 3, 1, 2, 4)
        .reshape(queries.size(0), (long) op.heads() * op.headSize());
  }

  private static Tensor split(Op.Attention op, Tensor x, int length) {
    return x.view(x.size(0) / length, length, op.keyValueHeads(), op.headSize());
  }

  Tensor columns(Op.Columns op, Tensor x) {
    return x.narrow(1, op.from(), op.count()).contiguous();
  }

  Tensor gate(Op.Gated op, Tensor gate, Tensor up) {
    Tensor activated =
        switch (op.activation()) {
          case SILU -> torch.silu(gate);
          case GELU_TANH -> torch.gelu(gate, "tanh");
        };
    return activated.mul(up);
  }

  Tensor scale(Op.Scale op, Tensor x) {
    return x.mul(new Scalar(op.factor()));
  }

  Tensor softCap(Op.SoftCap op, Tensor x) {
    return capped(x, op.cap());
  }

  private static Tensor capped(Tensor x, float cap) {
    return torch.tanh(x.div(new Scalar(cap))).mul(new Scalar(cap));
  }
}
