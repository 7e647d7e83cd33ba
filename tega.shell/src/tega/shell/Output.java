package tega.shell;

import java.util.List;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/** Where a command's answer goes, line by line. */
final class Output {
    private final JsonCodec json;
    private final Screen screen;
    private final Surface surface;

    Output(JsonCodec json, Screen screen, Surface surface) {
        this.json = json;
        this.screen = screen;
        this.surface = surface;
    }

    /** What it is written on. */
    Screen screen() {
        return screen;
    }

    /** Writes one line. */
    void line(String text) {
        surface.line(text);
    }

    /** Writes a text of several lines. */
    void text(String text) {
        text.stripTrailing().lines().forEach(surface::line);
    }

    /** Writes a value; on a terminal YAML is followed by an empty line. */
    void value(Value value, Format format) {
        switch (format) {
            case JSON -> text(json.toPrettyJson(value));
            case YAML -> {
                text(json.toYaml(value));
                if (screen.terminal()) {
                    line("");
                }
            }
            case TABLE -> table(Table.of(value));
        }
    }

    /** Writes a table. */
    void table(Table table) {
        var drawn = table.lines();
        for (var i = 0; i < drawn.size(); i++) {
            line(i == 0 && table.hasHeading() ? screen.bold(drawn.get(i)) : drawn.get(i));
        }
    }

    /** A value in one line, cut to what fits: YAML, or compact JSON when that would take several; for tables and changes. */
    String brief(Value value, int width) {
        var yaml = json.toYaml(value).strip();
        var text = yaml.indexOf('\n') < 0 ? yaml : value.toString();
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
    }

    /** The same, writing to another place on another screen. */
    Output to(Screen other, Surface place) {
        return new Output(json, other, place);
    }

    /** Writes each line. */
    void lines(List<String> all) {
        all.forEach(surface::line);
    }

    /** Puts what will be written over. */
    void sketch(String text) {
        surface.sketch(text);
    }

    /** The same for what comes as it happens: no page of it is ever full. */
    Output live() {
        return new Output(json, screen, surface.live());
    }
}
