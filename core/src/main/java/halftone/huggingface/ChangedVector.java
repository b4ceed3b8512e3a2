package halftone.huggingface;

import halftone.tensor.Shape;
import halftone.tensor.Weight;

/// A bias or a gain after its change.
record ChangedVector(Weight source, Change change) implements Weight {
  @Override
  public Shape shape() {
    return source.shape();
  }

  @Override
  public void rows(long from, int count, float[] out, int at) {
    int length = Math.multiplyExact(count, shape().columns());
    source.rows(from, count, out, at);
    switch (change) {
      case Change.Keep _, Change.CutToVocabulary _ -> {}
      case Change.PlusOne _ -> {
        for (int i = 0; i < length; i++) {
          out[at + i] += 1;
        }
      }
      case Change.Interleave interleave -> {
        float[] before = java.util.Arrays.copyOfRange(out, at, at + length);
        for (int i = 0; i < length; i++) {
          out[at + i] = before[Math.toIntExact(interleave.order().applyAsLong(i))];
        }
      }
    }
  }
}
