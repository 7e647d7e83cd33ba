package tega.deploy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tega.api.ObjectValue;
import tega.api.Value;

/** Releases as values, for the tree, REST and calls, and as text for people. */
final class ReleaseText {
    private ReleaseText() {}

    /** All that is known of one. */
    static ObjectValue value(Release release) {
        var value = ObjectValue.builder().put("stage", Value.of(release.stage().word()));
        artifact(value, "active", release.active());
        artifact(value, "previous", release.previous());
        artifact(value, "trial", release.trial());
        value.put("enabled", Value.of(release.enabled()));
        value.put("source", Value.of(release.source()));
        value.put("since", Value.of(release.since().toString()));
        if (!release.reason().isEmpty()) {
            value.put("reason", Value.of(release.reason()));
        }
        if (!release.quarantine().isEmpty()) {
            value.put("quarantine", texts(release.quarantine()));
        }
        return value.build();
    }

    private static void artifact(ObjectValue.Builder value, String name, @Nullable Artifact artifact) {
        if (artifact != null) {
            value.put(
                    name,
                    Value.object(
                                    "version",
                                    Value.of(artifact.version().toString()),
                                    "sha256",
                                    Value.of(artifact.digest()))
                            .with("size", Value.of(artifact.size())));
        }
    }

    private static ObjectValue texts(Map<String, String> texts) {
        var value = ObjectValue.builder();
        texts.forEach((name, text) -> value.put(name, Value.of(text)));
        return value.build();
    }

    /** One line of a table. */
    static ObjectValue row(Release release) {
        var active = release.active();
        return ObjectValue.builder()
                .put("bundle", Value.of(release.name()))
                .put("version", Value.of(active == null ? "" : active.version().toString()))
                .put("state", Value.of(state(release)))
                .put("reason", Value.of(release.reason()))
                .build();
    }

    private static String state(Release release) {
        if (release.active() == null) {
            return release.stage().word();
        }
        return release.enabled()
                ? release.stage() == Stage.COMMITTED
                        ? "runs"
                        : "runs; newest " + release.stage().word()
                : "disabled";
    }

    /** How it is and why, in lines. */
    static String why(Release release, List<String> troubles) {
        var text = new StringBuilder(release.name()).append('\n');
        line(text, "runs", release.active());
        line(text, "before", release.previous());
        line(text, "tried", release.trial());
        text.append("  stage   ")
                .append(release.stage().word())
                .append(" since ")
                .append(release.since())
                .append('\n');
        if (!release.reason().isEmpty()) {
            text.append("  reason  ").append(release.reason()).append('\n');
        }
        if (!release.enabled()) {
            text.append("  it is disabled; 'enable ").append(release.name()).append("' has it run again\n");
        } else if (release.active() != null) {
            troubles.forEach(
                    trouble -> text.append("  now     ").append(trouble).append('\n'));
        }
        release.quarantine().forEach((digest, reason) -> text.append("  not again  ")
                .append(digest, 0, 12)
                .append(": ")
                .append(reason)
                .append('\n'));
        return text.toString().stripTrailing();
    }

    private static void line(StringBuilder text, String what, @Nullable Artifact artifact) {
        if (artifact != null) {
            text.append(String.format("  %-7s %s%n", what, artifact));
        }
    }
}
