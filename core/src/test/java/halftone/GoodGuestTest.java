package halftone;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What a library may not do in somebody else's process.
class GoodGuestTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("halftone");

  private static final Set<String> NOT_OURS =
      Set.of(
          "java.lang.System.out",
          "java.lang.System.err",
          "java.lang.System.in",
          "java.lang.System.exit",
          "java.lang.System.setProperty",
          "java.lang.System.getLogger",
          "java.lang.Runtime.exit",
          "java.lang.Runtime.halt",
          "java.lang.Runtime.addShutdownHook",
          "java.lang.Throwable.printStackTrace");

  @Test
  void itNeitherPrintsNorEndsTheProcess() {
    assertThat(
            CLASSES.stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> NOT_OURS.contains(name(access.getTarget()))))
        .extracting(JavaAccess::getDescription)
        .isEmpty();
  }

  private static String name(AccessTarget target) {
    return target.getOwner().getFullName() + "." + target.getName();
  }

  @Test
  void itForcesNoLoggingOnAnyone() {
    Pattern logging = Pattern.compile("java\\.util\\.logging|org\\.(slf4j|apache)|.*Logger");
    assertThat(
            CLASSES.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(use -> logging.matcher(use.getTargetClass().getName()).lookingAt()))
        .extracting(Dependency::getDescription)
        .isEmpty();
  }

  @Test
  void noStaticFieldCanBeSet() {
    assertThat(
            CLASSES.stream()
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL)))
        .extracting(JavaField::getFullName)
        .isEmpty();
    assertThat(CLASSES).extracting(JavaClass::getName).contains("halftone.Halftone");
  }
}
