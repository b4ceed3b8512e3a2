package halftone.app;

import halftone.speed.SpeedReport;
import halftone.speed.TokenSpeed;
import halftone.speed.WholeFile;
import java.nio.file.Path;

/// A speed measurement for programs.
final class SpeedJson {
  private SpeedJson() {}

  static Json of(Path model, SpeedReport report) {
    TokenSpeed theirs = report.theirs();
    Json json =
        new Json()
            .put("model", model.toString())
            .put("prompt_tokens", report.race().prompt())
            .put("written_tokens", report.race().written())
            .put("rounds", report.race().rounds())
            .put("prefill_tokens_per_second", report.ours().prefill())
            .put("decode_tokens_per_second", report.ours().decode());
    if (theirs != null) {
      json.put("llamacpp_prefill_tokens_per_second", theirs.prefill())
          .put("llamacpp_decode_tokens_per_second", theirs.decode())
          .put("prefill_ratio", report.ours().prefill() / theirs.prefill())
          .put("decode_ratio", report.ours().decode() / theirs.decode());
    }
    return json.put("roofline", roofline(report))
        .put("encodings", report.encodings().stream().map(each -> encoding(each).map()).toList())
        .put("files", report.files().stream().map(each -> file(each).map()).toList())
        .put(
            "memory",
            new Json()
                .put("weight_bytes", report.work().weightBytes())
                .put("cache_bytes", report.cacheBytes())
                .put("buffer_bytes", report.bufferBytes()));
  }

  private static Json roofline(SpeedReport report) {
    return new Json()
        .put("machine_products_per_second", report.mostProducts())
        .put("machine_products_of", report.inIntegers() ? "bytes" : "floats")
        .put("machine_bytes_per_second", report.machine().bytes())
        .put("prefill_products_per_second", report.prefillProducts())
        .put("prefill_share", report.prefillShare())
        .put("decode_bytes_per_second", report.decodeBytes())
        .put("decode_share", report.decodeShare());
  }

  private static Json file(WholeFile file) {
    Json json = new Json().put("preset", file.preset()).put("seconds", file.ours());
    Double theirs = file.theirs();
    return theirs == null
        ? json
        : json.put("llamacpp_seconds", theirs).put("time_ratio", file.ours() / theirs);
  }

  private static Json encoding(SpeedReport.Encoding encoding) {
    Json json =
        new Json()
            .put("format", encoding.format())
            .put("with_importance", encoding.weighted())
            .put("weights_per_second", encoding.ours());
    Double ggml = encoding.ggml();
    return ggml == null
        ? json
        : json.put("llamacpp_weights_per_second", ggml).put("time_ratio", ggml / encoding.ours());
  }
}
