package halftone.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.MalformedFileException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A template comes with a file from anywhere: it must end, in little memory, with a message.
class HostileTemplateTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in range(2000000000) %}x{% endfor %}",
        "{% for a in range(2000) %}{% for b in range(2000) %}{% for c in range(2000) %}{% endfor"
            + " %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(s='x') %}{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}{%"
            + " endfor %}",
        "{% set ns = namespace(s=['x']) %}{% for i in range(64) %}{% set ns.s = ns.s + ns.s %}{%"
            + " endfor %}",
        "{% set ns = namespace(s=['x']) %}{% for i in range(64) %}{% set ns.s = [ns.s, ns.s] %}{%"
            + " endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=['x']) %}{% for i in range(64) %}{% set ns.s = [ns.s, ns.s] %}{%"
            + " endfor %}{{ ns.s | tojson }}",
        "{% set ns = namespace(s=['x'], t=['x']) %}{% for i in range(64) %}{% set ns.s = [ns.s,"
            + " ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.s == ns.t }}",
        "{% set ns = namespace(s=['x']) %}{% for i in range(64) %}{% set ns.s = [ns.s, ns.s] %}{%"
            + " endfor %}{{ ns.s in {'a': 1} }}",
        "{{ 'x' * 1000000000000 }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}",
        "{% set x = 'a' * 9000000 %}{{ (x + 'b') in (x + x) }}",
        "{% set x = 'a' * 9000000 %}{{ x.strip(x + 'b') }}",
        "{% set x = 'a' * 9000000 %}{% for i in range(100000) %}{{ x == x + '' }}{% endfor %}",
        "{{ ('x' * 1000000).replace('', 'y' * 1000000) }}",
        "{{ ('y' * 1000000).join('x' * 1000000) }}",
        "{{ {'a': 1} | tojson(indent=2000000000) }}",
        "{{ ('\\n' * 1000000) | indent(1000) }}",
        "{{ 9223372036854775807 + 1 }}",
        "{{ 99999999999999999999 }}",
        "{{ 1 // 0 }}{{ 1 % 0 }}",
        "{{ [1, 2, 3][::0] }}",
        "{{ '\\U00110000' }}",
        "{{ range(1, 5, 0) }}",
        "{{ loop.cycle() }}",
        "{% for x in [1] %}{{ loop.cycle() }}{% endfor %}",
        "{{ ''.split('') }}",
        "{{ '{9999999999}'.format(1) }}",
        "{{ 'x' | indent(-1) }}{{ 'x'",
        "{% if true %}",
        "{% endif %}",
        "{#",
        "{{",
        "{% set x %}",
        "{{ 'a",
        "{{ a b }}",
        "{{ @ }}"
      })
  void endsWithAMessage(String template) {
    assertRefused(template);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{'a':", "not ", "-", "a[", "f(", "a.b if c else "})
  void boundsTheDepthOfExpressions(String opening) {
    assertRefused("{{ " + opening.repeat(100_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"+ 1", "~ 'a'", ".a", "[0]", "| upper", "is defined", "and 1", "< 2"})
  void boundsTheLengthOfChains(String link) {
    assertRefused("{{ 1 " + (link + " ").repeat(100_000) + "}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{% if 1 %}", "{% for x in [1] %}", "{% set x %}", "{% macro f() %}"})
  void boundsTheDepthOfStatements(String opening) {
    assertRefused(opening.repeat(50_000));
    assertRefused("{% if 0 %}" + "{% elif 0 %}".repeat(50_000) + "{% endif %}");
  }

  @Test
  void boundsTheLengthOfTemplates() {
    assertRefused("x".repeat(Budget.SOURCE + 1));
  }

  private static void assertRefused(String template) {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () ->
            assertThatThrownBy(
                    () -> ChatTemplates.of(template).render(ChatTemplates.WITH_SYSTEM, true))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("tokenizer.chat_template"));
  }

  /// Whatever a damaged template does, it renders, refuses, or is refused.
  @Test
  void survivesDamage() throws IOException {
    Random random = new Random(9);
    for (String family : List.of("llama3", "mistral", "qwen3", "gemma")) {
      String template = ChatTemplates.resource(family + ".jinja");
      for (int round = 0; round < 300; round++) {
        StringBuilder damaged = new StringBuilder(template);
        for (int i = random.nextInt(4); i >= 0; i--) {
          int from = random.nextInt(damaged.length());
          int to = Math.min(damaged.length(), from + random.nextInt(12));
          String part = damaged.substring(from, to);
          switch (random.nextInt(3)) {
            case 0 -> damaged.delete(from, to);
            case 1 -> damaged.insert(random.nextInt(damaged.length()), part);
            default -> damaged.setCharAt(from, (char) (' ' + random.nextInt(95)));
          }
        }
        assertThat(ChatTemplates.outcome(damaged.toString(), ChatTemplates.WITH_SYSTEM, true))
            .isNotNull();
      }
    }
  }
}
