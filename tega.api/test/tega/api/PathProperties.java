package tega.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PathProperties {
    @Provide
    Arbitrary<Path> paths() {
        return Samples.paths();
    }

    @Provide
    Arbitrary<String> texts() {
        return Samples.texts();
    }

    @Property
    void theFormForPeopleReadsBack(@ForAll("paths") Path path) {
        assertThat(Path.parse(path.toString())).isEqualTo(path).hasSameHashCodeAs(path);
    }

    @Property
    void theJsonFormReadsBack(@ForAll("paths") Path path) {
        assertThat(Path.from(path.toValue())).isEqualTo(path);
    }

    @Property
    void theUrlFormReadsBackWhereThereIsOne(@ForAll("paths") Path path) {
        var writable = path.names().stream()
                .allMatch(name -> !name.isEmpty()
                        && !name.equals(".")
                        && !name.equals("..")
                        && StandardCharsets.UTF_8.newEncoder().canEncode(name));
        if (writable) {
            assertThat(path.toUrl()).matches("/|(/([A-Za-z0-9._~-]|%[0-9A-F]{2})+)+");
            assertThat(Path.fromUrl(path.toUrl())).isEqualTo(path);
            assertThat(Path.fromUrl(path.toUrl() + (path.isEmpty() ? "" : "/"))).isEqualTo(path);
        } else {
            assertThatThrownBy(path::toUrl).isInstanceOf(TegaException.Invalid.class);
        }
    }

    @Property
    void anyTextIsAPathOrInvalid(@ForAll("texts") String text) {
        try {
            var path = Path.parse(text);
            assertThat(Path.parse(path.toString())).isEqualTo(path);
        } catch (TegaException.Invalid e) {
            assertThat(e.getMessage()).contains(text);
        }
        try {
            assertThat(Path.fromUrl(text).depth()).isNotNegative();
        } catch (TegaException.Invalid e) {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID);
        }
    }

    @Property
    void plainDottedTextIsCutAtItsDotsAsEver(@ForAll("texts") String first, @ForAll("texts") String second) {
        Assume.that(!first.isEmpty() && !second.isEmpty());
        for (var name : new String[] {first, second}) {
            Assume.that(name.indexOf('.') < 0 && name.indexOf('\\') < 0 && !name.startsWith("\""));
        }
        assertThat(Path.parse(first + "." + second)).isEqualTo(Path.of(first, second));
    }

    @Property
    void aDotAfterABackslashBelongsToTheName(@ForAll("texts") String name) {
        Assume.that(!name.isEmpty());
        var escaped = new StringBuilder();
        name.chars().forEach(c -> escaped.append('\\').append((char) c));
        assertThat(Path.parse("r." + escaped)).isEqualTo(Path.of("r", name));
    }

    @Property
    void namesAreOrderedByCodePoint(@ForAll("texts") String a, @ForAll("texts") String b) {
        var expected = Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
        assertThat(Integer.signum(CodePointOrder.INSTANCE.compare(a, b))).isEqualTo(Integer.signum(expected));
        assertThat(Integer.signum(Path.of(a).compareTo(Path.of(b)))).isEqualTo(Integer.signum(expected));
    }

    @Property
    void aPathStandsBeforeThoseBelowIt(@ForAll("paths") Path path, @ForAll("paths") Path rest) {
        Assume.that(!rest.isEmpty());
        var below = path.append(rest);
        assertThat(path).isLessThan(below);
        assertThat(below.startsWith(path)).isTrue();
        assertThat(path.startsWith(below)).isFalse();
        assertThat(path.overlaps(below)).isTrue();
        assertThat(below.first(path.depth())).isEqualTo(path);
        assertThat(below.from(path.depth())).isEqualTo(rest);
        assertThat(below.parent().child(below.last())).isEqualTo(below);
    }
}
