package halftone.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the page must show at a point of the curve, from the JSON of its outcome.
record CurveOracle(JsonObject json) {
  static final String CELLS = ".cell[data-tensor]";

  JsonArray curve() {
    return json.getArray("curve");
  }

  /// The page shows a point: its figures, its command, and the formats of all tensors.
  void require(Page page, int index) {
    JsonObject point = curve().getObject(index);
    String size = Figures.bytes(point.getLong("bytes"));
    assertThat(page.locator("[data-value=bytes]").textContent()).isEqualTo(size);
    assertThat(page.locator("[data-value=bits]").textContent())
        .isEqualTo(Figures.number(point.getDouble("bits_per_weight")));
    assertThat(page.locator("[data-value=loss]").textContent())
        .isEqualTo(Figures.number(point.getDouble("loss")) + " nats");
    assertThat(page.locator(".size").getAttribute("aria-valuetext")).startsWith(size);
    assertThat(page.locator(".command code").textContent())
        .isEqualTo(
            "halftone quantize models/smollm2-135m-f16.gguf --size %d --text 'my text.txt'"
                .formatted(point.getLong("bytes")));
    List<String> cells = cells(index);
    assertThat(page.locator(CELLS).allTextContents()).isEqualTo(cells);
    List<String> table =
        page.locator("section.tensors tbody tr td:nth-child(3)").allTextContents().stream()
            .sorted()
            .toList();
    assertThat(table).isEqualTo(cells.stream().sorted().toList());
    requireTable(page, index);
  }

  /// Sizes and losses in the table of all tensors, whose losses add up to the point's.
  private void requireTable(Page page, int index) {
    Map<Integer, JsonObject> chosen = chosen(index);
    double loss =
        chosen.values().stream().mapToDouble(alternative -> alternative.getDouble("loss")).sum();
    assertThat(curve().getObject(index).getDouble("loss")).isCloseTo(loss, within(1e-9));
    List<String> sizes = page.locator("section.tensors tbody tr td:nth-child(4)").allTextContents();
    List<String> losses =
        page.locator("section.tensors tbody tr td:nth-child(5)").allTextContents();
    chosen.forEach(
        (tensor, alternative) -> {
          assertThat(sizes.get(tensor)).isEqualTo(Figures.bytes(alternative.getLong("bytes")));
          assertThat(losses.get(tensor)).isEqualTo(Figures.number(alternative.getDouble("loss")));
        });
  }

  private Map<Integer, JsonObject> chosen(int index) {
    Map<Integer, JsonObject> chosen = new HashMap<>();
    for (int point = 0; point <= index; point++) {
      JsonArray changes = curve().getObject(point).getArray("changes");
      for (int i = 0; i < changes.size(); i++) {
        int tensor = changes.getArray(i).getInt(0);
        chosen.put(
            tensor,
            json.getArray("tensors")
                .getObject(tensor)
                .getArray("alternatives")
                .getObject(changes.getArray(i).getInt(1)));
      }
    }
    return chosen;
  }

  /// Formats in the order of the cells: those outside the blocks first, then in file order.
  ///
  /// @param index of a point, −1 for the file itself
  List<String> cells(int index) {
    Map<Integer, JsonObject> chosen = chosen(index);
    List<String> outside = new ArrayList<>();
    List<String> inside = new ArrayList<>();
    JsonArray tensors = json.getArray("tensors");
    for (int i = 0; i < tensors.size(); i++) {
      JsonObject format = chosen.getOrDefault(i, tensors.getObject(i));
      boolean block = tensors.getObject(i).getString("name").startsWith("blk.");
      (block ? inside : outside).add(format.getString("format"));
    }
    outside.addAll(inside);
    return outside;
  }
}
