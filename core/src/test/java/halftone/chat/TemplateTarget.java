package halftone.chat;

import halftone.fuzz.FuzzTarget;
import halftone.model.GgufValue;
import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// Chat templates to damage: programs of strangers.
public final class TemplateTarget {
  private static final List<String> TEMPLATES =
      List.of(
          "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + "
              + "message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
              + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
          "{%- macro line(m, i) -%}{{ i }}: {{ m.content | trim | upper }}{%- endmacro -%}"
              + "{%- set ns = namespace(n=0) -%}{%- for m in messages if m.role != 'system' -%}"
              + "{%- set ns.n = ns.n + 1 -%}{{ line(m, loop.index0) }}"
              + "{%- if not loop.last %}, {% endif -%}{%- endfor -%}{{ ns.n * 8 // 3 }}",
          "{{ messages[1:] | tojson }}{{ range(3) | list }}{{ 'a-b'.split('-') | join('+') }}"
              + "{{ strftime_now('%Y') }}{% if messages | length > 9 %}{{ raise_exception('no') }}{% endif %}");

  private static final List<Message> CHAT =
      List.of(
          new Message("system", "Be brief."),
          new Message("user", " Hi \"there\" "),
          new Message("assistant", "Hello\nyou"));

  private TemplateTarget() {}

  public static FuzzTarget template() {
    Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    return new FuzzTarget(
        "chat template",
        80,
        TEMPLATES.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList(),
        input -> {
          String text = new String(input, StandardCharsets.UTF_8);
          SequencedMap<String, GgufValue> keys = new LinkedHashMap<>();
          keys.put(ChatTemplate.KEY, new GgufValue.Text(text));
          ChatTemplate.of(new Metadata(FuzzTarget.FILE, keys), clock).render(CHAT, true);
        },
        Set.of(MalformedFileException.class, IllegalArgumentException.class));
  }
}
