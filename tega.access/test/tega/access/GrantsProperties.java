package tega.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tega.api.Extent;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.spi.Action;
import tega.api.spi.Grant;

/** What grants come down to, against a plain reading of their rule: inherited downwards, deny wins, nothing without a grant. */
class GrantsProperties {
    private static final int DEEPEST = 5;
    private static final List<Path> ALL_PATHS = allPaths();

    /** The rule for a single node, in the words of {@link Grant}. */
    private static boolean allowed(List<Grant> grants, Action action, Path node) {
        return hits(grants, action, node, false) && !hits(grants, action, node, true);
    }

    private static boolean hits(List<Grant> grants, Action action, Path node, boolean deny) {
        for (var grant : grants) {
            for (var depth = 0; depth <= node.depth(); depth++) {
                if (grant.deny() == deny
                        && grant.actions().contains(action)
                        && grant.pattern().matches(node.first(depth))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Property(tries = 300)
    void allMeansEveryNodeAndNoneMeansNoNode(
            @ForAll("grants") List<Grant> grants, @ForAll("paths") Path path, @ForAll Action action) {
        var extent = Permissions.of(grants).extent(action, path);
        var below = ALL_PATHS.stream().filter(node -> node.startsWith(path)).toList();
        var permitted =
                below.stream().filter(node -> allowed(grants, action, node)).count();
        if (extent == Extent.ALL) {
            assertThat(permitted).isEqualTo(below.size());
        } else if (extent == Extent.NONE) {
            assertThat(permitted).isZero();
        }
        if (extent != Extent.ALL && allowed(grants, action, path)) {
            assertThat(grants).as("only a deny below can be the reason").anyMatch(Grant::deny);
        }
        if (extent == Extent.NONE && grants.stream().noneMatch(Grant::deny)) {
            assertThat(permitted).isZero();
        }
    }

    /** Without wildcards there is no guessing: the answer is exact. */
    @Property(tries = 300)
    void exactGrantsGiveExactAnswers(
            @ForAll("exactGrants") List<Grant> grants, @ForAll("paths") Path path, @ForAll Action action) {
        var below = ALL_PATHS.stream().filter(node -> node.startsWith(path)).toList();
        var permitted =
                below.stream().filter(node -> allowed(grants, action, node)).count();
        var expected = permitted == below.size() ? Extent.ALL : permitted == 0 ? Extent.NONE : Extent.SOME;
        var extent = Permissions.of(grants).extent(action, path);
        // a grant whose every node is denied may still be called SOME; never the other way round
        assertThat(extent).isIn(expected, expected == Extent.NONE ? Extent.SOME : expected);
    }

    @Property(tries = 100)
    void inheritedDownwards(@ForAll("grants") List<Grant> grants, @ForAll("paths") Path path, @ForAll Action action) {
        var permissions = Permissions.of(grants);
        var extent = permissions.extent(action, path);
        if (extent != Extent.SOME && path.depth() < DEEPEST) {
            assertThat(permissions.extent(action, path.child("a"))).isEqualTo(extent);
        }
    }

    @Property(tries = 100)
    void aDenyOnlyEverTakesAway(
            @ForAll("grants") List<Grant> grants,
            @ForAll("grant") Grant another,
            @ForAll("paths") Path path,
            @ForAll Action action) {
        var more = new ArrayList<>(grants);
        more.add(new Grant(another.name(), true, another.actions(), another.pattern()));
        assertThat(Permissions.of(more).extent(action, path))
                .isGreaterThanOrEqualTo(Permissions.of(grants).extent(action, path));
    }

    @Property(tries = 50)
    void noGrantNoRight(@ForAll("paths") Path path, @ForAll Action action) {
        assertThat(Permissions.of(List.of()).extent(action, path)).isEqualTo(Extent.NONE);
    }

    @Property(tries = 200)
    void whatIsWrittenIsReadBack(@ForAll("grants") List<Grant> grants) {
        var register = Register.EMPTY;
        for (var grant : grants) {
            register = register.with(grant);
        }
        assertThat(RegisterText.read(RegisterText.write(register), "file")).isEqualTo(register);
    }

    @Provide
    Arbitrary<List<Grant>> grants() {
        return grant().list().ofMaxSize(5);
    }

    @Provide
    Arbitrary<Grant> grant() {
        return grant(Arbitraries.of("a", "b", "*", "**"));
    }

    @Provide
    Arbitrary<List<Grant>> exactGrants() {
        return grant(Arbitraries.of("a", "b")).list().ofMaxSize(4);
    }

    private static Arbitrary<Grant> grant(Arbitrary<String> parts) {
        return Combinators.combine(
                        Arbitraries.of(true, false, false),
                        Arbitraries.of(Action.class).set().ofMinSize(1),
                        parts.list().ofMaxSize(3))
                .as((deny, actions, names) ->
                        new Grant("x", deny, Set.copyOf(actions), PathPattern.parse(String.join(".", names))));
    }

    @Provide
    Arbitrary<Path> paths() {
        return Arbitraries.of("a", "b", "other").list().ofMaxSize(3).map(Path::of);
    }

    /** Every path of the names that occur and of one that does not. */
    private static List<Path> allPaths() {
        var all = new ArrayList<>(List.of(Path.EMPTY));
        for (var i = 0; i < all.size(); i++) {
            if (all.get(i).depth() < DEEPEST) {
                for (var name : List.of("a", "b", "other")) {
                    all.add(all.get(i).child(name));
                }
            }
        }
        return all;
    }
}
