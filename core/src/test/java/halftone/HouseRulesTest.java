package halftone;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import halftone.method.Method;
import halftone.numeric.NumberFormat;
import halftone.numeric.NumberFormats;
import halftone.transform.Chain;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The plan of `core`: which room may use which, and that a room's list holds all its members.
class HouseRulesTest {
  /// The package `halftone` itself: the library's few calls.
  private static final String DOOR = "";

  /// A room uses only rooms before it. ARCHITECTURE.md says what each is for.
  private static final List<String> ROOMS =
      List.of(
          "method",
          "workers",
          "store",
          "numeric",
          "llamacpp",
          "machine",
          "tensor",
          "parts",
          "kernel",
          "model",
          "huggingface",
          "tokenizer",
          "chat",
          "text",
          "kvcache",
          "moe",
          "runtime",
          "evaluation",
          "evidence",
          "transform",
          "quantizer",
          "speed",
          "sensitivity",
          "hardware",
          "allocation",
          "preset",
          "recipe",
          DOOR);

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("halftone");

  @Test
  void everyPackageIsARoom() {
    assertThat(CLASSES).extracting(HouseRulesTest::room).isNotEmpty().isSubsetOf(ROOMS);
  }

  @Test
  void aRoomUsesOnlyRoomsBeforeIt() {
    assertThat(
            dependencies()
                .filter(use -> use.getTargetClass().getPackageName().startsWith("halftone."))
                .filter(
                    use ->
                        ROOMS.indexOf(room(use.getTargetClass()))
                            > ROOMS.indexOf(room(use.getOriginClass()))))
        .extracting(Dependency::getDescription)
        .isEmpty();
  }

  @Test
  void onlyTheKernelRoomUsesTheVectorModule() {
    assertThat(
            dependencies()
                .filter(use -> use.getTargetClass().getPackageName().startsWith("jdk.incubator")))
        .extracting(use -> room(use.getOriginClass()))
        .isNotEmpty()
        .containsOnly("kernel");
  }

  @Test
  void allocationSeesOnlyNumbers() {
    Set<String> allowed = Set.of("method", "workers", "allocation");
    assertThat(
            dependencies()
                .filter(use -> room(use.getOriginClass()).equals("allocation"))
                .filter(use -> use.getTargetClass().getPackageName().startsWith("halftone."))
                .filter(use -> !allowed.contains(room(use.getTargetClass()))))
        .extracting(Dependency::getDescription)
        .isEmpty();
  }

  @Test
  void everyMethodIsARecordInItsRoomsList() throws IllegalAccessException {
    Set<String> members = members(Method.class);
    // Not a method but several, one after the other.
    members.remove(Chain.class.getName());
    Set<String> listed =
        listedMethods().stream()
            .map(method -> method.getClass().getName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(members).isNotEmpty().isEqualTo(listed);
    assertThat(listedMethods()).allMatch(method -> method.getClass().isRecord());
  }

  @Test
  void everyCardHasItsPageAndEveryPageItsCard() throws IllegalAccessException, IOException {
    Path pages = SourceTree.read().root().resolve("docs/methods");
    try (Stream<Path> files = Files.list(pages)) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted())
          .containsExactlyElementsOf(
              listedMethods().stream().map(method -> method.card().id() + ".md").sorted().toList());
    }
  }

  @Test
  void everyNumberFormatIsListedOnceUnderItsName() {
    Set<String> listed =
        NumberFormats.ALL.stream()
            .map(format -> format.getClass().getName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(members(NumberFormat.class)).isEqualTo(listed);
    assertThat(NumberFormats.ALL).extracting(NumberFormat::id).doesNotHaveDuplicates();
  }

  private Stream<Dependency> dependencies() {
    return CLASSES.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream());
  }

  /// Names of the classes that can be made and are a `type`.
  private Set<String> members(Class<?> type) {
    return CLASSES.stream()
        .filter(member -> member.isAssignableTo(type))
        .filter(member -> !member.isInterface())
        .filter(member -> !member.getModifiers().contains(JavaModifier.ABSTRACT))
        .map(JavaClass::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The methods of every static list named ALL.
  private List<Method> listedMethods() throws IllegalAccessException {
    List<Method> methods = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      for (JavaField field : type.getFields()) {
        if (field.getName().equals("ALL") && field.getRawType().isEquivalentTo(List.class)) {
          Field list = field.reflect();
          list.setAccessible(true);
          for (Object member : (List<?>) list.get(null)) {
            if (member instanceof Method method) {
              methods.add(method);
            }
          }
        }
      }
    }
    return methods;
  }

  /// `kernel` of `halftone.kernel.Panels`, and of a package below it.
  private static String room(JavaClass type) {
    String[] parts = type.getPackageName().split("\\.", -1);
    return parts.length > 1 ? parts[1] : "";
  }
}
