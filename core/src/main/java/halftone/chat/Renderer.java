package halftone.chat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Runs a template once.
final class Renderer {
  /// How a list of statements ended.
  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  private final Budget budget = new Budget();
  private final Evaluator evaluator = new Evaluator(budget);
  private final PythonText text = new PythonText(budget);
  private final Scope globals;
  private int line;

  Renderer(Clock clock, Map<String, Value> variables) {
    Map<String, Value> names = new LinkedHashMap<>(Globals.of(clock, budget));
    names.putAll(variables);
    globals = new Scope(names);
  }

  String render(List<Statement> program) {
    StringBuilder out = new StringBuilder();
    run(program, globals, out);
    return out.toString();
  }

  /// Line of the statement that ran last, for messages.
  int line() {
    return line;
  }

  private Flow run(List<Statement> statements, Scope scope, StringBuilder out) {
    budget.enter();
    Flow flow = Flow.ON;
    for (int i = 0; i < statements.size() && flow == Flow.ON; i++) {
      budget.step();
      line = statements.get(i).line();
      flow = run(statements.get(i), scope, out);
    }
    budget.leave();
    return flow;
  }

  private Flow run(Statement statement, Scope scope, StringBuilder out) {
    switch (statement) {
      case Statement.Plain(int _, String plain) -> write(plain, out);
      case Statement.Output(int _, Expression value) ->
          write(text.shown(evaluator.evaluate(value, scope)), out);
      case Statement.If branch -> {
        boolean holds = evaluator.evaluate(branch.condition(), scope).isTrue();
        return run(holds ? branch.then() : branch.otherwise(), scope, out);
      }
      case Statement.For loop -> loop(loop, scope, out);
      case Statement.Set(int _, List<String> names, Expression value) ->
          bind(names, evaluator.evaluate(value, scope), scope);
      case Statement.SetAttribute set -> setAttribute(set, scope);
      case Statement.SetBlock(int _, String name, List<Statement> body) ->
          scope.set(name, captured(body, scope.inner()));
      case Statement.Macro macro -> scope.set(macro.name(), function(macro, scope));
      case Statement.Block(int _, List<Statement> body) -> {
        return run(body, scope, out);
      }
      case Statement.Break _ -> {
        return Flow.BREAK;
      }
      case Statement.Continue _ -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.ON;
  }

  private void write(String written, StringBuilder out) {
    budget.make(written.length());
    out.append(written);
  }

  private Value captured(List<Statement> body, Scope scope) {
    StringBuilder out = new StringBuilder();
    run(body, scope, out);
    return new Value.Text(out.toString());
  }

  private void bind(List<String> names, Value value, Scope scope) {
    if (names.size() == 1) {
      scope.set(names.getFirst(), value);
      return;
    }
    List<Value> parts = evaluator.elements(value);
    if (parts.size() != names.size()) {
      throw new TemplateException(parts.size() + " values for " + names.size() + " names");
    }
    for (int i = 0; i < parts.size(); i++) {
      scope.set(names.get(i), parts.get(i));
    }
  }

  private void setAttribute(Statement.SetAttribute set, Scope scope) {
    if (!(scope.get(set.namespace()) instanceof Value.Namespace(Map<String, Value> entries))) {
      throw new TemplateException(
          "a member set in \"" + set.namespace() + "\", which is no namespace");
    }
    entries.put(set.name(), evaluator.evaluate(set.value(), scope));
  }

  private void loop(Statement.For loop, Scope scope, StringBuilder out) {
    List<Value> elements = new ArrayList<>();
    for (Value element : evaluator.elements(evaluator.evaluate(loop.elements(), scope))) {
      if (holds(loop, element, scope)) {
        elements.add(element);
      }
    }
    if (elements.isEmpty()) {
      run(loop.otherwise(), scope.inner(), out);
      return;
    }
    Flow flow = Flow.ON;
    for (int i = 0; i < elements.size() && flow != Flow.BREAK; i++) {
      Scope inner = scope.inner();
      bind(loop.names(), elements.get(i), inner);
      inner.set("loop", position(elements, i));
      flow = run(loop.body(), inner, out);
    }
  }

  private boolean holds(Statement.For loop, Value element, Scope scope) {
    @Nullable Expression filter = loop.filter();
    if (filter == null) {
      return true;
    }
    Scope inner = scope.inner();
    bind(loop.names(), element, inner);
    return evaluator.evaluate(filter, inner).isTrue();
  }

  private static Value position(List<Value> elements, int index) {
    int size = elements.size();
    SequencedMap<String, Value> loop = new LinkedHashMap<>();
    loop.put("index", new Value.Whole(index + 1L));
    loop.put("index0", new Value.Whole(index));
    loop.put("revindex", new Value.Whole(size - index));
    loop.put("revindex0", new Value.Whole(size - index - 1L));
    loop.put("first", new Value.Truth(index == 0));
    loop.put("last", new Value.Truth(index == size - 1));
    loop.put("length", new Value.Whole(size));
    loop.put("previtem", neighbour(elements, index - 1, "previtem"));
    loop.put("nextitem", neighbour(elements, index + 1, "nextitem"));
    loop.put("cycle", cycle(index));
    return Value.Mapping.named(loop);
  }

  private static Value neighbour(List<Value> elements, int index, String name) {
    return index >= 0 && index < elements.size() ? elements.get(index) : new Value.Undefined(name);
  }

  private static Value cycle(int index) {
    return new Value.Function(
        "cycle",
        arguments -> {
          if (arguments.positional().isEmpty()) {
            throw new TemplateException("a cycle of nothing");
          }
          return arguments.positional().get(index % arguments.positional().size());
        });
  }

  private Value function(Statement.Macro macro, Scope scope) {
    return new Value.Function(
        macro.name(), arguments -> captured(macro.body(), bound(macro, arguments, scope.inner())));
  }

  /// The names that a macro's body sees, with the arguments of one call.
  private Scope bound(Statement.Macro macro, Arguments arguments, Scope inner) {
    List<Statement.Parameter> parameters = macro.parameters();
    if (arguments.positional().size() > parameters.size()) {
      throw new TemplateException("too many arguments for macro " + macro.name());
    }
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i).name();
      @Nullable Expression absent = parameters.get(i).absent();
      Value given = arguments.get(i, name, new Value.Undefined(name));
      if (absent != null && given instanceof Value.Undefined) {
        given = evaluator.evaluate(absent, inner);
      }
      inner.set(name, given);
    }
    return inner;
  }
}
