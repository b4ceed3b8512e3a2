package halftone.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The chat formats that llama.cpp knows by the looks of their templates.
public final class LlamaChat {
  private LlamaChat() {}

  /// The text that llama.cpp makes of a chat by the template it recognises.
  ///
  /// @param chat role, content, role, content …
  public static String render(Llama llama, String template, List<String> chat, boolean prompt) {
    MethodHandle apply =
        llama.function(
            "llama_chat_apply_template",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_BOOLEAN, ADDRESS, JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment messages = arena.allocate(ADDRESS, chat.size());
      for (int i = 0; i < chat.size(); i++) {
        messages.setAtIndex(ADDRESS, i, arena.allocateFrom(chat.get(i)));
      }
      int room = 1 << 16;
      MemorySegment out = arena.allocate(room);
      MemorySegment text = arena.allocateFrom(template);
      int count = (int) apply.invokeExact(text, messages, chat.size() / 2L, prompt, out, room);
      if (count < 0 || count > room) {
        throw new IllegalStateException("llama_chat_apply_template gives " + count);
      }
      return new String(out.asSlice(0, count).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }
}
