package halftone.app.report;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import halftone.recipe.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// What the page's script needs to show any point of the curve, in little space: lists instead of
/// objects wherever there are many.
///
/// @param options of the run beside its budget and output
record CurveJson(Outcome outcome, List<String> options) {
  /// A slider needs two ends.
  boolean worthwhile() {
    return outcome.curve().stream().filter(point -> Double.isFinite(point.loss())).count() > 1;
  }

  String text() {
    JsonStringWriter json = JsonWriter.string().object();
    json.value("before", ShellCommand.of(before()) + " --size ");
    json.value("after", options.isEmpty() ? "" : " " + ShellCommand.of(options));
    json.array("file").value(outcome.bytes());
    number(json, shippedLoss());
    number(json, outcome.bitsPerWeight());
    json.end();
    formats(json);
    tensors(json);
    points(json);
    return json.end().done();
  }

  private List<String> before() {
    String model = outcome.model().toString();
    return List.of("halftone", "quantize", model.startsWith("-") ? "./" + model : model);
  }

  /// What was promised is promised for our choice, not for a rival that took its place.
  private double shippedLoss() {
    return new Verdict(outcome).shippedOurs() ? outcome.predictedKl() : Double.NaN;
  }

  /// Bits a weight and style of each format.
  private void formats(JsonStringWriter json) {
    SequencedSet<String> names = new LinkedHashSet<>();
    for (Outcome.TensorChoice tensor : outcome.tensors()) {
      names.add(tensor.format());
      tensor.alternatives().forEach(alternative -> names.add(alternative.format()));
    }
    json.object("formats");
    for (String name : names) {
      json.array(name).value(BitsScale.bitsPerWeight(name)).value(BitsScale.style(name)).end();
    }
    json.end();
  }

  /// Name, format, bytes, loss and the menu of each.
  private void tensors(JsonStringWriter json) {
    json.array("tensors");
    for (Outcome.TensorChoice tensor : outcome.tensors()) {
      json.array().value(tensor.name()).value(tensor.format()).value(tensor.bytes());
      number(json, tensor.loss());
      json.array();
      for (Outcome.Alternative alternative : tensor.alternatives()) {
        json.array().value(alternative.format()).value(alternative.bytes());
        number(json, alternative.loss());
        json.end();
      }
      json.end().end();
    }
    json.end();
  }

  /// Bytes, loss, bits a weight, and tensor and alternative of each change in turn.
  private void points(JsonStringWriter json) {
    json.array("points");
    for (Outcome.CurvePoint point : outcome.curve()) {
      json.array().value(point.bytes());
      number(json, point.loss());
      number(json, point.bitsPerWeight());
      List<Object> changes = new ArrayList<>();
      for (Outcome.Change change : point.changes()) {
        changes.add(change.tensor());
        changes.add(change.alternative());
      }
      json.array(changes).end();
    }
    json.end();
  }

  private static void number(JsonStringWriter json, double value) {
    if (Double.isFinite(value)) {
      json.value(value);
    } else {
      json.nul();
    }
  }
}
