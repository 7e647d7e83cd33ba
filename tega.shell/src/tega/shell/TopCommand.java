package tega.shell;

import static tega.shell.Command.Topic.SERVER;
import static tega.shell.Command.Word.OTHER;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;

/** The server at work: its figures, and what they gain in a second. */
final class TopCommand {
    /** What is told first, if it is there: by part and figure, and the words for it. */
    private static final Map<String, String> HEAD = head();

    private TopCommand() {}

    private static Map<String, String> head() {
        var head = new LinkedHashMap<String, String>();
        head.put("store.revision", "revision");
        head.put("store.commits", "commits/s");
        head.put("store.queue", "waiting to commit");
        head.put("watchers.watchers", "watchers");
        head.put("messages.subscriptions", "subscriptions");
        head.put("http.clients", "clients");
        return head;
    }

    static List<Command> all() {
        return List.of(Command.of(
                "top",
                SERVER,
                "[PART] [-n TIMES] [-i SECONDS]",
                "show the figures of the server and what they gain, again and again until interrupted or shown TIMES",
                List.of(OTHER),
                TopCommand::run));
    }

    private static void run(Invocation call) throws InterruptedException {
        var words = call.arguments(Set.of(), Set.of("-n", "-i"));
        var part = words.maybe().orElse("");
        words.end();
        var live = call.output().screen().live() && !call.wantsValue();
        var times = words.number("-n", live ? Integer.MAX_VALUE : 1);
        var pause = words.number("-i", 1);
        if (call.wantsValue()) {
            call.answer(figures(call, part));
            return;
        }
        var output = call.output().live();
        Map<String, Long> before = Map.of();
        var began = System.nanoTime();
        var drawn = 0;
        for (var shown = 0; shown < times; shown++) {
            if (shown > 0) {
                TimeUnit.SECONDS.sleep(pause);
            }
            var now = System.nanoTime();
            var figures = numbers(figures(call, part));
            var lines = frame(figures, before, shown == 0 ? 0 : (now - began) / 1e9);
            if (lines.isEmpty()) {
                throw new TegaException.NotFound(
                        "there is no part '" + part + "' that has figures; why lists the parts");
            }
            began = now;
            before = figures;
            drawn = draw(output, lines, drawn, live);
        }
    }

    /** Over the frame before, where that is possible; how many lines it has. */
    private static int draw(Output output, List<String> lines, int drawn, boolean live) {
        var height = output.screen().height();
        var fitting = live && height > 2 ? lines.subList(0, Math.min(lines.size(), height - 2)) : lines;
        if (live) {
            var text = new StringBuilder(drawn == 0 ? "" : "\u001b[" + drawn + "A\u001b[J");
            output.line(text.append(String.join("\n", fitting)).toString());
        } else {
            output.lines(fitting);
        }
        return fitting.size();
    }

    private static ObjectValue figures(Invocation call, String wanted) {
        var figures = ObjectValue.builder();
        for (var part : call.server().parts()) {
            if (wanted.isEmpty() || wanted.equals(part.subject())) {
                figures.put(part.subject(), part.figures());
            }
        }
        return figures.build();
    }

    /** All that are whole numbers, by their dotted names. */
    private static Map<String, Long> numbers(ObjectValue figures) {
        var numbers = new LinkedHashMap<String, Long>();
        collect("", figures, numbers);
        return numbers;
    }

    private static void collect(String name, Value value, Map<String, Long> numbers) {
        if (value instanceof ObjectValue object) {
            object.forEach(member ->
                    collect(name.isEmpty() ? member.name() : name + "." + member.name(), member.value(), numbers));
        } else if (value instanceof NumberValue number && number.isLong()) {
            numbers.put(name, number.longValue());
        }
    }

    /** {@code seconds} since those before; 0: there are none. */
    private static List<String> frame(Map<String, Long> figures, Map<String, Long> before, double seconds) {
        var head = new ArrayList<String>();
        HEAD.forEach((name, word) -> {
            var figure = figures.get(name);
            if (figure != null) {
                head.add(word + " " + (word.endsWith("/s") ? gain(figure, before.get(name), seconds) : figure));
            }
        });
        var table = new Table(List.of("figure", "now", "per second"));
        figures.forEach((name, figure) -> table.row(name, figure, gain(figure, before.get(name), seconds)));
        var lines = new ArrayList<String>();
        if (!head.isEmpty()) {
            lines.add(String.join("   ", head));
        }
        if (!figures.isEmpty()) {
            lines.addAll(table.lines());
        }
        return lines;
    }

    private static String gain(long now, @org.jspecify.annotations.Nullable Long before, double seconds) {
        if (before == null || seconds <= 0) {
            return "";
        }
        return now == before ? "0" : String.format(Locale.ROOT, "%.1f", (now - before) / seconds);
    }
}
