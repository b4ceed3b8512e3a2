package halftone.app;

import halftone.chat.ChatTemplate;
import halftone.chat.Message;
import halftone.kvcache.CachePolicy;
import halftone.model.Architectures;
import halftone.model.Metadata;
import halftone.runtime.Arithmetic;
import halftone.runtime.Generation;
import halftone.runtime.Sampler;
import halftone.runtime.Session;
import halftone.tokenizer.EndTokens;
import halftone.workers.Workers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `halftone generate`: a model writes.
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Lets a model go on behind a prompt, or answer as in a chat, and says how fast it was.",
      "Without a prompt it reads one from standard input; on a terminal it chats, turn by turn."
    },
    footer = {
      "",
      "Examples:",
      "  halftone generate -p 'Call me' -n 64",
      "  halftone generate model.gguf 'The capital of France is' -n 32 --temp 0",
      "  halftone generate model.gguf --chat 'Name three birds.' --seed 7",
      "  halftone generate model.gguf",
      "  halftone generate model.gguf --file prompt.txt --cache q8_0 --json"
    })
final class GenerateCommand implements Callable<Integer> {
  /// Where the file does not say how long a text the model was made for.
  private static final int USUAL_CONTEXT = 4096;

  private final Console console;

  /// The model named, or the built-in one.
  private Path file = ModelOrBuiltIn.OWN_FOLDER;

  @Spec private CommandSpec spec;
  @Mixin private Threads threads;

  @Mixin private FolderTokenizer tokenizer;

  @Mixin private ModelAndPrompt given;

  @Option(
      names = "--chat",
      description = "The prompt is a message to answer, put into the model's own chat template.")
  private boolean chat;

  @Option(names = "--system", paramLabel = "S", description = "With a chat: the system message.")
  private @Nullable String system;

  @Option(
      names = {"-n", "--tokens"},
      paramLabel = "N",
      description = "Most tokens to write, -1 until the model ends; ${DEFAULT-VALUE} by default.")
  private int tokens = 256;

  @Mixin private SamplingOptions sampling;

  @Option(
      names = "--stop",
      paramLabel = "S",
      description = "End before this string; may be given more than once.")
  private List<String> stops = List.of();

  @Option(names = "--ignore-eos", description = "Never choose a token that ends the text.")
  private boolean ignoreEnds;

  @Option(
      names = "--cache",
      paramLabel = "f32|f16|q8_0",
      description = "How keys and values are kept; ${DEFAULT-VALUE} by default.")
  private String cache = CachePolicy.F16.id();

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "Most tokens of prompt and text; by default what the model was made for.")
  private int context;

  @Option(
      names = "--as",
      paramLabel = ArithmeticName.LABEL,
      converter = ArithmeticName.class,
      description =
          "How to compute: as llama.cpp runs the file, with rounded activations; exactly with the decoded weights;"
              + " or in integers, see 'halftone evaluate'. By default int8 where this machine has instructions for"
              + " it and the file weights, else llama.")
  private @Nullable Arithmetic asked;

  @Option(names = "--json", description = "Answer in JSON: tokens, text and timings.")
  private boolean json;

  GenerateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    requireSense();
    file = given.model();
    Sampler sampler = new Sampler(sampling.sampling());
    CachePolicy policy = CachePolicy.named(cache);
    try (OpenModel open = tokenizer.openToRun(file);
        Workers workers = threads.workers();
        Session session = session(open, policy, workers)) {
      Metadata keys = open.file().keys();
      Set<Integer> ends = EndTokens.of(keys).ids();
      if (ignoreEnds) {
        sampler.forbid(ends);
      }
      int most = tokens < 0 ? session.context() : tokens;
      Generation.Limits limits = new Generation.Limits(most, ends, stops);
      Author author = new Author(session, open.tokenizer(), sampler, limits, this::show);
      if (isConversation()) {
        converse(author, session, template(keys));
      } else {
        tell(once(author, keys), session);
      }
    }
    return ExitCode.OK;
  }

  private void requireSense() {
    given.requireOnePrompt();
    if (context < 0) {
      throw wrong("--context must be positive");
    }
    if (json && isConversation()) {
      throw wrong("--json answers one prompt: give one");
    }
    if (system != null && !chat && !isConversation()) {
      throw wrong("--system belongs to --chat");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /// A person sits there and has not said what to do.
  private boolean isConversation() {
    return given.hasNoPrompt() && console.terminal();
  }

  private Session session(OpenModel open, CachePolicy policy, Workers workers) {
    Metadata keys = open.file().keys();
    int made = keys.intOr(keys.requireText(Architectures.KEY) + ".context_length", USUAL_CONTEXT);
    Session.Settings settings =
        new Session.Settings(
            arithmetic(open), policy, context == 0 ? made : context, PackingRoom.bytes());
    return new Session(open.model(), settings, workers);
  }

  private Arithmetic arithmetic(OpenModel open) {
    return asked == null ? Arithmetic.fastest(open.model()) : asked;
  }

  private boolean show(String characters) {
    if (!json) {
      console.out().print(characters);
      console.out().flush();
    }
    return true;
  }

  private Author.Work once(Author author, Metadata keys) throws IOException {
    String text = given.prompt(console.in());
    return chat ? author.answer(template(keys), messages(text)) : author.write(text);
  }

  private ChatTemplate template(Metadata keys) {
    if (!keys.has(ChatTemplate.KEY)) {
      throw wrong(file + " has no chat template: give a prompt to go on from, without --chat");
    }
    return ChatTemplate.of(keys);
  }

  private List<Message> messages(String question) {
    List<Message> messages = new ArrayList<>();
    if (system != null) {
      messages.add(new Message("system", system));
    }
    messages.add(new Message("user", question));
    return messages;
  }

  /// Until the person ends the input.
  private void converse(Author author, Session session, ChatTemplate template) throws IOException {
    console.err().println("One message a line; Ctrl-D ends the chat.");
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
    List<Message> messages = new ArrayList<>();
    for (String line = asked(lines); line != null; line = asked(lines)) {
      if (!line.isBlank()) {
        messages.addAll(messages.isEmpty() ? messages(line) : List.of(new Message("user", line)));
        Author.Work work = author.answer(template, messages);
        messages.add(new Message("assistant", work.result().text()));
        tell(work, session);
      }
    }
  }

  private @Nullable String asked(BufferedReader lines) throws IOException {
    console.err().print("> ");
    console.err().flush();
    return lines.readLine();
  }

  private void tell(Author.Work work, Session session) {
    GenerationReport report =
        new GenerationReport(file, work, session.arithmetic().id(), cache, session.cacheBytes());
    if (json) {
      console.out().println(report.json());
    } else {
      console.out().println();
      console.out().flush();
      console.err().println(report.line());
    }
  }
}
