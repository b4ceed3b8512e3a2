package halftone.app;

import halftone.app.report.SpeedHtml;
import halftone.app.report.SpeedSummary;
import halftone.kvcache.CachePolicy;
import halftone.llamacpp.Ggml;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaCppLibrary;
import halftone.llamacpp.LlamaModel;
import halftone.model.GgmlType;
import halftone.model.Model;
import halftone.preset.Preset;
import halftone.runtime.Arithmetic;
import halftone.runtime.Session;
import halftone.speed.Contender;
import halftone.speed.EncodingSubject;
import halftone.speed.LlamaContender;
import halftone.speed.MachineSpeed;
import halftone.speed.Median;
import halftone.speed.MemoryReads;
import halftone.speed.SessionContender;
import halftone.speed.SpeedReport;
import halftone.speed.TokenRace;
import halftone.speed.TokenSpeed;
import halftone.speed.WholeFile;
import halftone.speed.Workload;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `halftone bench`: how fast a model is, beside the machine's limits and llama.cpp.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures how fast a model reads and writes and weights are encoded, and how far that is from what this"
          + " machine's memory and multipliers allow. With --against the real llama.cpp runs in turns with us, in"
          + " the same process."
    },
    footer = {
      "",
      "Examples:",
      "  halftone bench model.gguf",
      "  halftone bench model.gguf --against ~/llama.cpp/build/bin --threads 2",
      "  halftone bench model.gguf --against lib --cpu haswell --json",
      "  halftone bench model.gguf --encode Q4_K,IQ3_S --report speed.html",
      "  halftone bench model-f16.gguf --against lib --files q4_k_m,iq4_xs"
    })
final class BenchCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private Threads threads;
  @Mixin private FolderTokenizer tokenizer;

  @Parameters(paramLabel = "MODEL", description = "The model to run.")
  private Path file;

  @Option(
      names = "--against",
      paramLabel = "FOLDER",
      description = "The folder of llama.cpp's shared libraries.")
  private @Nullable Path against;

  @Option(
      names = "--cpu",
      paramLabel = "NAME",
      description =
          "Which of llama.cpp's CPU libraries: haswell, icelake, zen4 …; by default the one it picks itself.")
  private String cpu = "";

  @Option(
      names = "--prompt",
      paramLabel = "N",
      description = "Tokens of the prompt; ${DEFAULT-VALUE} by default.")
  private int prompt = 512;

  @Option(
      names = "--write",
      paramLabel = "N",
      description = "Tokens to write; ${DEFAULT-VALUE} by default.")
  private int written = 64;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Measurements, of which the median counts; ${DEFAULT-VALUE} by default.")
  private int rounds = 7;

  @Option(
      names = "--as",
      paramLabel = ArithmeticName.LABEL,
      converter = ArithmeticName.class,
      description = "How to compute, see 'halftone generate'; the fastest by default.")
  private @Nullable Arithmetic asked;

  @Option(
      names = "--encode",
      split = ",",
      paramLabel = "F",
      description =
          "Formats whose encoders are measured, 'none' for none; ${DEFAULT-VALUE} by default.")
  private List<String> formats = List.of("Q4_K", "Q6_K", "IQ4_XS", "IQ3_S");

  @Option(
      names = "--files",
      split = ",",
      paramLabel = "PRESET",
      description =
          "Presets in which the whole file is written, by a process that begins and ends with it.")
  private List<String> presets = List.of();

  @Option(names = "--report", paramLabel = "HTML", description = "Write a page about it, too.")
  private @Nullable Path report;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    List<GgmlType> types = types();
    List<Preset> files = presets.stream().map(Preset::named).toList();
    LlamaCppLibrary library = against == null ? null : LlamaCppLibrary.in(against);
    try (OpenModel open = tokenizer.openToRun(file);
        Workers workers = threads.workers();
        ProgressBar progress = console.progress()) {
      SpeedReport measured = measure(open.model(), types, files, library, workers, progress);
      progress.close();
      if (report != null) {
        SpeedHtml.write(report, file, measured);
      }
      if (json) {
        console.out().println(SpeedJson.of(file, measured));
      } else {
        SpeedSummary.print(console.out(), measured);
      }
    }
    return ExitCode.OK;
  }

  private List<GgmlType> types() {
    return formats.equals(List.of("none"))
        ? List.of()
        : formats.stream().map(BenchCommand::type).toList();
  }

  private static GgmlType type(String name) {
    return GgmlType.withName(name)
        .filter(EncodingSubject::isEncoded)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--encode: weights are not encoded in %s; there are %s"
                        .formatted(
                            name,
                            Arrays.stream(GgmlType.values())
                                .filter(EncodingSubject::isEncoded)
                                .toList())));
  }

  private SpeedReport measure(
      Model model,
      List<GgmlType> types,
      List<Preset> files,
      @Nullable LlamaCppLibrary library,
      Workers workers,
      ProgressBar progress)
      throws IOException {
    progress.step("machine", 1);
    MachineSpeed.awaitCompiler();
    MachineSpeed machine = MachineSpeed.measure(threads.count());
    progress.done(1);
    Arithmetic arithmetic = asked == null ? Arithmetic.fastest(model) : asked;
    int context = Math.max(prompt, written + 1);
    Session.Settings settings =
        new Session.Settings(arithmetic, CachePolicy.F16, context, PackingRoom.bytes());
    Llama llama = library == null ? null : Llama.open(library, cpu);
    try (Session session = new Session(model, settings, workers);
        LlamaModel other = llama == null ? null : llama.load(file, context, threads.count())) {
      List<Contender> contenders = new ArrayList<>(List.of(new SessionContender(session)));
      if (other != null) {
        contenders.add(new LlamaContender(other));
      }
      TokenRace race = new TokenRace(prompt, written, rounds, session.vocabulary());
      progress.step("reading and writing", TokenRace.WARMING + rounds);
      double[] reads = new double[rounds];
      List<TokenSpeed> speeds;
      try (MemoryReads memory = new MemoryReads(threads.count())) {
        speeds =
            race.run(
                contenders,
                round -> {
                  if (round > TokenRace.WARMING) {
                    reads[round - TokenRace.WARMING - 1] = memory.perSecond(1);
                  }
                  progress.done(1);
                });
      }
      return new SpeedReport(
          machine.withBytes(Median.of(reads)),
          arithmetic == Arithmetic.INT8 && Arithmetic.fastest(model) == Arithmetic.INT8,
          Workload.of(model),
          race,
          speeds.getFirst(),
          speeds.size() > 1 ? speeds.get(1) : null,
          encodings(model, types, library, progress),
          files(files, llama, progress),
          session.cacheBytes(),
          session.bufferBytes());
    }
  }

  private void quantize(String preset, int count, Path to) throws IOException {
    FreshProcess.run(
        List.of(
            "quantize",
            file.toString(),
            "--preset",
            preset,
            "--threads",
            Integer.toString(count),
            "-o",
            to.toString()));
  }

  private List<WholeFile> files(List<Preset> files, @Nullable Llama llama, ProgressBar progress)
      throws IOException {
    List<WholeFile> measured = new ArrayList<>();
    int count = threads.count();
    Path folder = Files.createTempDirectory("halftone-bench");
    try {
      progress.step("whole files", files.size());
      for (Preset preset : files) {
        String name = preset.name().toLowerCase(Locale.ROOT);
        measured.add(
            WholeFile.measure(
                name,
                rounds,
                folder,
                to -> quantize(name, count, to),
                llama == null ? null : to -> llama.quantize(file, to, preset.fileType(), count)));
        progress.done(1);
      }
      return measured;
    } finally {
      Files.delete(folder);
    }
  }

  private List<SpeedReport.Encoding> encodings(
      Model model, List<GgmlType> types, @Nullable LlamaCppLibrary library, ProgressBar progress) {
    EncodingSubject subject = EncodingSubject.of(model);
    Ggml ggml = library == null ? null : new Ggml(library);
    List<SpeedReport.Encoding> encodings = new ArrayList<>();
    progress.step("encoding", 2 * types.size());
    for (GgmlType type : types) {
      for (boolean weighted : new boolean[] {false, true}) {
        if (weighted || !subject.requiresImportance(type)) {
          encodings.add(subject.measure(type, weighted, rounds, ggml));
        }
        progress.done(1);
      }
    }
    return encodings;
  }
}
