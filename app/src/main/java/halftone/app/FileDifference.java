package halftone.app;

import halftone.app.report.Table;
import halftone.model.GgufValue;
import halftone.model.ModelSource;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// How two GGUF files differ.
///
/// @param metadata keys whose values differ, or that one file lacks
/// @param tensors likewise
record FileDifference(
    ModelSource a, ModelSource b, List<Change<GgufValue>> metadata, List<Change<Tensor>> tensors) {
  /// @param before null where only the second file has it
  /// @param after null where only the first file has it
  record Change<T>(String name, @Nullable T before, @Nullable T after) {}

  private interface Equality<T> {
    boolean same(T before, T after);
  }

  /// @param contents whether tensors of equal type and shape are compared byte by byte too
  static FileDifference of(ModelSource a, ModelSource b, boolean contents) {
    return new FileDifference(
        a,
        b,
        changes(a.metadata(), b.metadata(), Object::equals),
        changes(a.tensors(), b.tensors(), (before, after) -> same(before, after, contents)));
  }

  private static <T> List<Change<T>> changes(
      SequencedMap<String, T> before, SequencedMap<String, T> after, Equality<T> equality) {
    List<Change<T>> changes = new ArrayList<>();
    before.forEach(
        (name, value) -> {
          T other = after.get(name);
          if (other == null || !equality.same(value, other)) {
            changes.add(new Change<>(name, value, other));
          }
        });
    after.forEach(
        (name, value) -> {
          if (!before.containsKey(name)) {
            changes.add(new Change<>(name, null, value));
          }
        });
    return changes;
  }

  private static boolean same(Tensor before, Tensor after, boolean contents) {
    return sameKind(before, after) && (!contents || sameBytes(before, after));
  }

  /// Some rows at a time: those of a folder are made when asked for.
  private static boolean sameBytes(Tensor before, Tensor after) {
    long rows = before.shape().rows();
    int step = before.rowsAPiece();
    for (long row = 0; row < rows; row += step) {
      int count = (int) Math.min(step, rows - row);
      if (before.source().rows(row, count).mismatch(after.source().rows(row, count)) >= 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameKind(Tensor before, Tensor after) {
    return before.format().equals(after.format()) && before.shape().equals(after.shape());
  }

  void print(PrintStream out, MetadataText text) throws IOException {
    out.printf("< %s%n> %s%n%n", a.path(), b.path());
    for (Change<GgufValue> change : metadata) {
      out.println(change.name());
      printSide(out, "<", change.before() == null ? null : text.line(change.before()));
      printSide(out, ">", change.after() == null ? null : text.line(change.after()));
    }
    Table table = new Table("tensor", "<", "", " bytes", ">", "", " bytes", "");
    tensors.forEach(change -> table.row(cells(change)));
    if (!tensors.isEmpty()) {
      table.print(out);
      out.println();
    }
    out.printf(
        "%d metadata keys and %d tensors differ, %d tensors are the same%n",
        metadata.size(), tensors.size(), a.tensors().size() - inFirst(tensors));
    printTotals(out, "<", a);
    printTotals(out, ">", b);
  }

  private static long inFirst(List<Change<Tensor>> tensors) {
    return tensors.stream().filter(change -> change.before() != null).count();
  }

  private static void printSide(PrintStream out, String side, @Nullable String value) {
    if (value != null) {
      out.printf("  %s %s%n", side, value);
    }
  }

  private static void printTotals(PrintStream out, String side, ModelSource file)
      throws IOException {
    Totals totals = Totals.of(file.tensors().values());
    out.printf(
        "%s %,d bytes, %,d of tensors, %.4f bits per weight%n",
        side, Inspection.bytes(file), totals.bytes(), totals.bitsPerWeight());
  }

  private static String[] cells(Change<Tensor> change) {
    List<String> cells = new ArrayList<>(List.of(change.name().replaceAll("\\p{Cntrl}", "·")));
    side(change.before(), cells);
    side(change.after(), cells);
    cells.add(onlyContents(change) ? "other contents" : "");
    return cells.toArray(String[]::new);
  }

  private static boolean onlyContents(Change<Tensor> change) {
    return change.before() != null
        && change.after() != null
        && sameKind(change.before(), change.after());
  }

  private static void side(@Nullable Tensor tensor, List<String> cells) {
    cells.addAll(
        tensor == null
            ? List.of("none", "", "")
            : List.of(
                tensor.format().id(),
                tensor.shape().toString(),
                Inspection.grouped(tensor.byteSize())));
  }

  /// Of each change, `before` and `after`; the one that is missing is left out.
  Json json(MetadataText text) throws IOException {
    List<Object> keys = new ArrayList<>();
    for (Change<GgufValue> change : metadata) {
      Json json = new Json().put("key", change.name());
      put(json, "before", change.before() == null ? null : text.json(change.before()));
      put(json, "after", change.after() == null ? null : text.json(change.after()));
      keys.add(json.map());
    }
    List<Object> changed = new ArrayList<>();
    for (Change<Tensor> change : tensors) {
      Json json = new Json().put("name", change.name());
      put(json, "before", change.before() == null ? null : Inspection.tensorJson(change.before()));
      put(json, "after", change.after() == null ? null : Inspection.tensorJson(change.after()));
      changed.add(json.map());
    }
    return new Json()
        .put("before", sizes(a))
        .put("after", sizes(b))
        .put("metadata", keys)
        .put("tensors", changed);
  }

  private static void put(Json json, String side, @Nullable Json value) {
    if (value != null) {
      json.put(side, value);
    }
  }

  private static Json sizes(ModelSource file) throws IOException {
    return new Json()
        .put("file", file.path().toString())
        .put("bytes", Inspection.bytes(file))
        .put("totals", Totals.of(file.tensors().values()).json());
  }
}
