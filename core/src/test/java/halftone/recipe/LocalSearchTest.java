package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.Menu;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class LocalSearchTest {
  private static final String QUERY = "blk.0.attn_q.weight";
  private static final String OUTPUT = "blk.0.attn_output.weight";
  private final Model model = TinyLlama.seeded(4).model();
  private final SequencedMap<String, Menu> menus =
      Menus.of(model, List.of(QUERY, OUTPUT), List.of());

  /// Losses fall by a tenth for each step up the menu, the same for both.
  private LossTable table() {
    SequencedMap<String, double[]> losses = new LinkedHashMap<>();
    menus.forEach(
        (name, menu) -> {
          double[] falling = new double[menu.options().size()];
          for (int i = 0; i < falling.length; i++) {
            falling[i] = Math.pow(0.9, i);
          }
          losses.put(name, falling);
        });
    return new LossTable(losses);
  }

  private SequencedMap<String, WeightFormat> start() {
    SequencedMap<String, WeightFormat> start = new LinkedHashMap<>();
    menus.forEach((name, menu) -> start.put(name, menu.options().get(2)));
    return start;
  }

  private int option(SequencedMap<String, WeightFormat> formats, String name) {
    return menus.get(name).options().indexOf(formats.get(name));
  }

  private long bytes(SequencedMap<String, WeightFormat> formats) {
    return menus.keySet().stream()
        .mapToLong(name -> menus.get(name).bytes(option(formats, name)))
        .sum();
  }

  /// A measurement that the table knows nothing of: the query's bits count double.
  @Test
  void keepsAnExchangeThatTheMeasurementLikesAndNoOther() {
    LossTable table = table();
    SequencedMap<String, WeightFormat> best =
        LocalSearch.STANDARD.improve(
            menus,
            table,
            start(),
            formats ->
                2 * table.losses().get(QUERY)[option(formats, QUERY)]
                    + table.losses().get(OUTPUT)[option(formats, OUTPUT)]);
    assertThat(option(best, QUERY)).isGreaterThan(2);
    assertThat(option(best, OUTPUT)).isLessThan(2);
    assertThat(bytes(best)).isLessThanOrEqualTo(bytes(start()));
  }

  @Test
  void staysWhereTheTableIsRight() {
    LossTable table = table();
    SequencedMap<String, WeightFormat> same =
        LocalSearch.STANDARD.improve(
            menus, table, start(), formats -> formats.equals(start()) ? 1 : 2);
    assertThat(same).isEqualTo(start());
  }

  @Test
  void measuresNoMoreThanItMay() {
    int[] measured = new int[1];
    new LocalSearch(3, 1)
        .improve(
            menus,
            table(),
            start(),
            formats -> {
              measured[0]++;
              return measured[0];
            });
    assertThat(measured[0]).isBetween(2, 4);
  }
}
