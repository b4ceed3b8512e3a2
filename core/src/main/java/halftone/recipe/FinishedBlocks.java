package halftone.recipe;

import halftone.model.Model;
import halftone.model.Stage;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.TensorKind;
import halftone.store.Key;
import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/// Blocks that GPTQ has finished, kept in the store. A block's key covers the formats of all blocks
/// up to it: its inputs come from them.
final class FinishedBlocks implements GptqPass.Finished {
  private final Workshop shop;
  private final SequencedMap<String, WeightFormat> formats;
  private final List<String> keys = new ArrayList<>();

  FinishedBlocks(
      Workshop shop,
      GptqPass pass,
      String textHash,
      String importanceSource,
      SequencedMap<String, WeightFormat> formats) {
    this.shop = shop;
    this.formats = formats;
    String chain = start(pass, textHash, importanceSource);
    for (Stage block : shop.model().blocks()) {
      Key.Builder key = Key.of("gptq").with("before", chain);
      for (String name : Model.linears(block)) {
        WeightFormat format = formats.get(name);
        key.with(name, format == null ? "kept" : format.id());
      }
      chain = key.key().inputs().hex();
      keys.add(chain);
    }
  }

  /// The embedding's format is the first thing the blocks' inputs come from.
  private String start(GptqPass pass, String textHash, String importanceSource) {
    Key.Builder key =
        Key.of("gptq-start")
            .with("pass", pass.toString())
            .with("text", textHash)
            .with("importance", importanceSource)
            .with("model", shop.modelHash());
    formats.forEach(
        (name, format) -> {
          if (!TensorKind.of(name).inBlock()) {
            key.with(name, format.id());
          }
        });
    return key.key().inputs().hex();
  }

  @Override
  public List<Tensor> find(int index) {
    List<Tensor> tensors = new ArrayList<>();
    for (String name : names(index)) {
      Optional<Tensor> known =
          shop.memo().tensor(key(index, name), name, original(name).shape(), format(name));
      if (known.isEmpty()) {
        return List.of();
      }
      tensors.add(known.get());
    }
    return tensors;
  }

  @Override
  public List<Tensor> keep(int index, List<Tensor> tensors) {
    List<Tensor> kept = new ArrayList<>();
    for (Tensor tensor : tensors) {
      kept.add(
          shop.memo()
              .tensor(
                  key(index, tensor.name()),
                  tensor.name(),
                  tensor.shape(),
                  tensor.format(),
                  () -> tensor));
    }
    return kept;
  }

  private List<String> names(int index) {
    return Model.linears(shop.model().blocks().get(index)).stream()
        .filter(formats::containsKey)
        .toList();
  }

  private Key key(int index, String name) {
    return Key.of("gptq-tensor").with("block", keys.get(index)).with("tensor", name).key();
  }

  private Tensor original(String name) {
    return Objects.requireNonNull(shop.model().tensors().get(name));
  }

  private WeightFormat format(String name) {
    return Objects.requireNonNull(formats.get(name));
  }
}
