package tega.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tega.api.Commit;
import tega.api.Value;

/** What is written reads back as what it was. */
class RoundTripProperties {
    private final Json json = new Json();
    private final Commits commits = new Commits();

    @Provide
    Arbitrary<Value> values() {
        return Samples.values();
    }

    @Provide
    Arbitrary<Commit> commits() {
        return Samples.commits();
    }

    @Property
    void jsonReadsBack(@ForAll("values") Value value) throws IOException {
        var bytes = json.toJson(value);
        assertThat(json.readJson(bytes)).isEqualTo(value);
        assertThat(json.readJson(new String(bytes, StandardCharsets.UTF_8))).isEqualTo(value);
        assertThat(json.readJson(new ByteArrayInputStream(bytes), bytes.length)).isEqualTo(value);
    }

    @Property
    void compactJsonIsTheTextOfTheValue(@ForAll("values") Value value) throws IOException {
        var stream = new ByteArrayOutputStream();
        json.writeJson(value, stream);
        assertThat(json.toJson(value)).isEqualTo(stream.toByteArray());
        assertThat(stream.toString(StandardCharsets.UTF_8)).isEqualTo(value.toString());
    }

    @Property
    void prettyJsonReadsBack(@ForAll("values") Value value) {
        assertThat(json.readJson(json.toPrettyJson(value))).isEqualTo(value);
    }

    @Property
    void yamlReadsBack(@ForAll("values") Value value) {
        var yaml = json.toYaml(value);
        assertThat(json.readYaml(yaml)).as(yaml).isEqualTo(value);
        assertThat(yaml).endsWith("\n");
    }

    @Property
    void commitsReadBack(@ForAll("commits") Commit commit) {
        var line = commits.encode(commit);
        assertThat(new String(line, StandardCharsets.UTF_8)).doesNotContain("\n");
        assertThat(commits.decode(line, 0, line.length)).isEqualTo(commit);
    }

    @Property
    void commitsAreReadFromInsideABuffer(@ForAll("commits") Commit commit) {
        var line = commits.encode(commit);
        var buffer = new byte[line.length + 20];
        Arrays.fill(buffer, (byte) '}');
        System.arraycopy(line, 0, buffer, 7, line.length);
        assertThat(commits.decode(buffer, 7, line.length)).isEqualTo(commit);
    }

    @Property
    void aCommitsValueIsJson(@ForAll("commits") Commit commit) {
        var value = commits.toValue(commit);
        assertThat(json.readJson(json.toJson(value))).isEqualTo(value);
    }
}
