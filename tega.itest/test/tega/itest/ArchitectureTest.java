package tega.itest;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house that a compiler does not know: who may use whom, where OSGi is, what things are called. */
class ArchitectureTest {
    private static final JavaClasses TEGA = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("tega");

    /** The edge of a bundle: its OSGi component, and what stands for the machine it runs on. */
    private static final DescribedPredicate<JavaClass> EDGE = HasName.Predicates.nameMatching(
                    ".*\\.(System\\w*|\\w+Component)(\\$.*)?")
            .forSubtype();

    /** Each bundle is a package of its own name; the launcher is one more, though no bundle. */
    static Stream<String> bundles() {
        return Stream.concat(WiringTest.leaves(), Stream.of("tega.launcher"));
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void bundlesMeetInTheApiAlone(String bundle) {
        String[] others = bundles()
                .filter(other -> !other.equals(bundle))
                .map(other -> other + "..")
                .toArray(String[]::new);
        check(noClasses()
                .that()
                .resideInAPackage(bundle + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because("bundles meet as services of tega.api, so that each can be exchanged alone"));
    }

    @Test
    void theApiDependsOnNothing() {
        check(noClasses()
                .that()
                .resideInAPackage("tega.api..")
                .should()
                .dependOnClassesThat(DescribedPredicate.not(resideInAnyPackage(
                        "tega.api..",
                        "java..",
                        "javax..",
                        "org.jspecify.annotations..",
                        "org.osgi.annotation..",
                        "org.osgi.service.component.annotations..")))
                .because("whatever the API needs, every plugin would need"));
    }

    @Test
    void osgiStaysInComponents() {
        DescribedPredicate<JavaClass> runtime =
                resideInAPackage("org.osgi..").and(DescribedPredicate.not(resideInAPackage("org.osgi.annotation..")));
        check(noClasses()
                .that()
                .resideOutsideOfPackages("tega.api..", "tega.launcher..")
                .and()
                .haveNameNotMatching(".*(Component(\\$.*)?|package-info)")
                .should()
                .dependOnClassesThat(runtime)
                .because("all but the component is plain Java that runs on a class path"));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("tega.(**)").should().beFreeOfCycles().check(TEGA);
    }

    @Test
    void namesAreNouns() {
        check(noClasses()
                .should()
                .haveNameMatching(".*(Impl|Utils?|Manager|Helper)(\\$.*)?")
                .orShould()
                .haveNameMatching(".*[.$]I[A-Z][a-z]\\w*")
                .because("a file is named by what it is"));
    }

    @Test
    void timeChanceAndThreadsAreHandedIn() {
        check(noClasses()
                .that()
                .resideInAnyPackage("tega.api..", "tega.log..", "tega.store..")
                .and(DescribedPredicate.not(EDGE))
                .should()
                .callMethodWhere(target(Thread.class, "sleep"))
                .orShould()
                .callMethodWhere(target(System.class, "currentTimeMillis"))
                .orShould()
                .callMethodWhere(target(System.class, "nanoTime"))
                .orShould()
                .callMethodWhere(target(Math.class, "random"))
                .orShould()
                .callMethodWhere(target(Instant.class, "now"))
                .orShould()
                .callMethodWhere(target(UUID.class, "randomUUID"))
                .orShould()
                .callConstructor(Thread.class, Runnable.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class, String.class)
                .orShould()
                .callConstructor(Random.class)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Executors.class, ExecutorService.class, ThreadLocalRandom.class)
                .because("store and log run in a simulation under a seed"));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(TEGA);
    }

    private static DescribedPredicate<JavaMethodCall> target(Class<?> owner, String name) {
        return DescribedPredicate.describe(
                owner.getSimpleName() + "." + name,
                call -> call.getTargetOwner().isEquivalentTo(owner)
                        && call.getName().equals(name));
    }
}
