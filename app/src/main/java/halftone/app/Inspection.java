package halftone.app;

import halftone.app.report.Table;
import halftone.huggingface.HalftoneFile;
import halftone.model.GgufFile;
import halftone.model.GgufValue;
import halftone.model.ModelSource;
import halftone.parts.Composite;
import halftone.parts.Part;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What one model says of itself. No weight is read.
record Inspection(ModelSource file, MetadataText text) {
  void print(PrintStream out) throws IOException {
    out.printf("%s: %s%n%n", file.path(), kind());
    Table metadata = new Table("metadata", "value");
    file.metadata().forEach((key, value) -> metadata.row(key, text.line(value)));
    metadata.print(out);
    out.println();
    Table tensors = new Table("tensor", " shape", "type", " bytes", " bits");
    file.tensors().values().forEach(tensor -> tensors.row(cells(tensor)));
    tensors.print(out);
    out.println();
    printTypes(out);
    if (file instanceof HalftoneFile own) {
      printParts(out, own);
    }
    Totals all = Totals.of(file.tensors().values());
    out.printf(
        "%n%,d bytes%s, %,d of tensors; %,d weights, %.4f bits each%n",
        bytes(file), header(), all.bytes(), all.elements(), all.bitsPerWeight());
  }

  private String header() {
    return file instanceof GgufFile gguf
        ? ": %,d of header".formatted(gguf.headerBytes())
        : file instanceof HalftoneFile ? "; as engines read it" : " in the folder; as GGUF";
  }

  private String kind() {
    return file instanceof GgufFile gguf
        ? "GGUF version " + gguf.version() + parts(gguf.files().size())
        : file instanceof HalftoneFile own
            ? "Halftone's own layout, %d weights in parts".formatted(own.composites().size())
            : "a folder of " + file.files().size() + " files, as GGUF would hold them";
  }

  private static String parts(int files) {
    return files == 1 ? "" : ", in " + files + " files";
  }

  /// Of all its files.
  static long bytes(ModelSource source) throws IOException {
    long bytes = 0;
    for (Path file : source.files()) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private void printTypes(PrintStream out) {
    Table types = new Table("type", " tensors", " weights", " bytes", " bits");
    Totals.byType(file.tensors().values())
        .forEach(
            (type, totals) ->
                types.row(
                    type,
                    "" + totals.tensors(),
                    grouped(totals.elements()),
                    grouped(totals.bytes()),
                    "%.4f".formatted(totals.bitsPerWeight())));
    types.print(out);
  }

  private static void printParts(PrintStream out, HalftoneFile own) {
    out.println();
    Table parts = new Table("weight", "parts", " bytes", " bits");
    own.composites()
        .forEach(
            (name, composite) ->
                parts.row(
                    name,
                    kinds(composite),
                    grouped(composite.bytes()),
                    "%.4f".formatted(composite.bitsPerWeight())));
    parts.print(out);
  }

  private static String kinds(Composite composite) {
    return composite.parts().stream().map(Part::kind).collect(Collectors.joining(" + "));
  }

  private static String[] cells(Tensor tensor) {
    return new String[] {
      tensor.name().replaceAll("\\p{Cntrl}", "·"),
      tensor.shape().toString(),
      tensor.format().id(),
      grouped(tensor.byteSize()),
      "%.4f".formatted(tensor.format().layout().bitsPerWeight())
    };
  }

  static String grouped(long number) {
    return "%,d".formatted(number);
  }

  Json json() throws IOException {
    Json metadata = new Json();
    for (Map.Entry<String, GgufValue> entry : file.metadata().entrySet()) {
      metadata.put(entry.getKey(), text.json(entry.getValue()));
    }
    Json types = new Json();
    Totals.byType(file.tensors().values())
        .forEach((type, totals) -> types.put(type, totals.json()));
    List<Object> tensors =
        file.tensors().values().stream().<Object>map(tensor -> tensorJson(tensor).map()).toList();
    Json json = new Json().put("file", file.path().toString()).put("kind", kind());
    if (file instanceof HalftoneFile own) {
      Json parts = new Json();
      own.composites()
          .forEach(
              (name, composite) ->
                  parts.put(
                      name,
                      new Json()
                          .put("parts", kinds(composite))
                          .put("bytes", composite.bytes())
                          .put("bits_per_weight", composite.bitsPerWeight())));
      json.put("parts", parts);
    }
    if (file instanceof GgufFile gguf) {
      json.put("version", gguf.version()).put("header_bytes", gguf.headerBytes());
    }
    return json.put("bytes", bytes(file))
        .put("alignment", file.alignment())
        .put("totals", Totals.of(file.tensors().values()).json())
        .put("types", types)
        .put("metadata", metadata)
        .put("tensors", tensors);
  }

  static Json tensorJson(Tensor tensor) {
    return new Json()
        .put("name", tensor.name())
        .put("shape", tensor.shape().extents())
        .put("type", tensor.format().id())
        .put("bytes", tensor.byteSize())
        .put("bits_per_weight", tensor.format().layout().bitsPerWeight());
  }
}
