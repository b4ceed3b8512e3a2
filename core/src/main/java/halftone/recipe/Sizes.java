package halftone.recipe;

import halftone.allocation.InfeasibleBudgetException;
import halftone.model.GgufWriter;
import halftone.model.Model;
import halftone.model.TensorInfo;
import halftone.numeric.WeightFormat;
import halftone.runtime.MemoryPlan;
import halftone.sensitivity.Menu;
import halftone.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

  /// What running the model takes, where the budget is for that.
  Optional<Outcome.Memory> memory(Budget budget) {
    return budget instanceof Budget.Fit fit
        ? Optional.of(new Outcome.Memory(fit, beside(fit)))
        : Optional.empty();
  }

  private MemoryPlan beside(Budget.Fit fit) {
    return MemoryPlan.of(model, fit.cache(), fit.context());
  }

  /// @throws InfeasibleBudgetException when the smallest file the menus allow is too large
  void requireReachable(Budget budget, SequencedMap<String, Menu> menus) {
    long smallest = extreme(menus, true);
    long allowed = bytes(budget, menus).orElse(Long.MAX_VALUE);
    if (allowed >= smallest) {
      return;
    }
    throw budget instanceof Budget.Fit fit
        ? new InfeasibleBudgetException(
            "bytes of memory with %d tokens in a cache of %s"
                .formatted(fit.context(), fit.cache().id()),
            fit.memory(),
            smallest + beside(fit).total())
        : new InfeasibleBudgetException("bytes of file", allowed, smallest);
  }

  /// Bytes of the file a budget allows, unless it names no size; negative where other memory takes
  /// more than all of it.
  OptionalLong bytes(Budget budget, SequencedMap<String, Menu> menus) {
    return budget instanceof Budget.MaxKl
        ? OptionalLong.empty()
        : OptionalLong.of(extreme(menus, true) + limit(budget, menus) - choosable(menus));
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
