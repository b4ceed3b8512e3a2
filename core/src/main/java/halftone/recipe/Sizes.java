package halftone.recipe;

import halftone.model.GgufWriter;
import halftone.model.Model;
import halftone.model.TensorInfo;
import halftone.numeric.WeightFormat;
import halftone.runtime.MemoryPlan;
import halftone.sensitivity.Menu;
import halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Exact sizes of files before they are made, and what a budget leaves for the tensors that have a
/// choice.
record Sizes(Model model, Provenance provenance, int alignment) {
  /// Bytes of the file these formats make, header and padding counted.
  long file(SequencedMap<String, WeightFormat> formats) {
    List<TensorInfo> infos = Candidates.infos(model, formats);
    return GgufWriter.fileSize(provenance.metadata(model, formats), infos);
  }

  /// 8 × bytes of all tensors ÷ their elements.
  double bitsPerWeight(SequencedMap<String, WeightFormat> formats) {
    long bytes = Candidates.infos(model, formats).stream().mapToLong(TensorInfo::bytes).sum();
    return 8.0 * bytes / elements();
  }

  private long elements() {
    return model.tensors().values().stream().mapToLong(t -> t.shape().elements()).sum();
  }

  /// Bytes that the tensors with a menu may take together, each padded.
  long limit(Budget budget, SequencedMap<String, Menu> menus) {
    long fixed = extreme(menus, true) - choosable(menus);
    return switch (budget) {
      case Budget.Size size -> size.bytes() - fixed;
      case Budget.Like like -> file(Road.like(model, like.preset())) - fixed;
      case Budget.Bits bits -> (long) (bits.bitsPerWeight() * elements() / 8) - fixedTensors(menus);
      case Budget.Fit fit -> fit.memory() - beside(fit).total() - fixed;
      case Budget.MaxKl maxKl ->
          throw new IllegalArgumentException("a loss of " + maxKl.nats() + " is no size");
    };
  }

  /// What running the model takes beside the file.
  MemoryPlan beside(Budget.Fit fit) {
    return MemoryPlan.of(model, fit.cache(), fit.context());
  }

  /// Bytes of the file a budget allows; 0 for one that names no size.
  long bytes(Budget budget, SequencedMap<String, Menu> menus) {
    if (budget instanceof Budget.MaxKl) {
      return 0;
    }
    long limit = limit(budget, menus);
    return extreme(menus, true) + limit - choosable(menus);
  }

  /// Bytes of the smallest or largest file the menus allow.
  long extreme(SequencedMap<String, Menu> menus, boolean smallest) {
    SequencedMap<String, WeightFormat> formats = new LinkedHashMap<>();
    menus.forEach(
        (name, menu) ->
            formats.put(name, smallest ? menu.options().getFirst() : menu.options().getLast()));
    return file(formats);
  }

  /// Bytes that the tensors with a menu take at least, each padded.
  private long choosable(SequencedMap<String, Menu> menus) {
    return menus.values().stream().mapToLong(menu -> padded(menu.bytes(0))).sum();
  }

  private long fixedTensors(SequencedMap<String, Menu> menus) {
    return model.tensors().values().stream()
        .filter(tensor -> !menus.containsKey(tensor.name()))
        .mapToLong(tensor -> Tensor.bytesOf(tensor.shape(), tensor.format()))
        .sum();
  }

  private long padded(long bytes) {
    return Math.ceilDiv(bytes, alignment) * alignment;
  }
}
