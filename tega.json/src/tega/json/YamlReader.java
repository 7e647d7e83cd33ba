package tega.json;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import tega.api.Limits;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;

/** The reading of one YAML document; what is decided about it stands in the bundle's README. */
final class YamlReader {
    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][-+]?[0-9]++)?");
    private static final Pattern NO_NUMBER = Pattern.compile("[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");
    private static final Pattern TOKEN = Pattern.compile("'?<([a-z ]+)>'?");
    private static final String CORE = "tag:yaml.org,2002:";
    /** How much all aliases together may add to the text, in characters. */
    private static final int LARGEST_COPIES = Limits.DEFAULT.valueBytes();

    private final Iterator<Event> events;
    private final int depth;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private long weight;
    private long copied;
    private @Nullable Mark last;

    private YamlReader(Iterator<Event> events, int depth) {
        this.events = events;
        this.depth = depth;
    }

    /** What an anchor stands for and how many characters it is; no value while it is being read. */
    private record Anchored(@Nullable Value value, long weight) {}

    static Value read(String yaml, int depth) {
        try {
            var events = new Parse(SETTINGS).parseString(yaml).iterator();
            return new YamlReader(events, depth).document();
        } catch (MarkedYamlEngineException e) {
            throw invalid(e.getProblemMark().orElse(null), readable(e.getProblem()));
        } catch (ReaderException e) {
            throw new TegaException.Invalid(String.format(
                    "the character U+%04X does not stand in YAML as it is; it is written as an escape in double quotes",
                    e.getCodePoint()));
        } catch (YamlVersionException e) {
            throw new TegaException.Invalid("the text says that it is of another version than YAML 1.2");
        } catch (YamlEngineException e) {
            throw new TegaException.Invalid("the text is not YAML 1.2");
        }
    }

    /** The sentences of the parser, with {@code <stream end>} and the like in words. */
    private static String readable(String problem) {
        return TOKEN.matcher(problem).replaceAll("the $1").replace("the stream end", "the end of the text");
    }

    private Event next() {
        try {
            var event = events.next();
            last = event.getEndMark().orElse(null);
            return event;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // The parser does not check the digits of an escape before it uses them.
            throw invalid(last, "an escape in double quotes somewhere after this is malformed");
        }
    }

    private Value document() {
        next();
        if (next().getEventId() == Event.ID.StreamEnd) {
            throw new TegaException.Invalid("the YAML text holds no value");
        }
        var value = value(next(), 0);
        next();
        var after = next();
        if (after.getEventId() != Event.ID.StreamEnd) {
            throw invalid(mark(after), "a second document begins here; only one is taken");
        }
        return value;
    }

    private Value value(Event event, int level) {
        if (event instanceof AliasEvent alias) {
            return aliased(alias);
        }
        var node = (NodeEvent) event;
        var before = weight;
        node.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(null, 0)));
        var value = node instanceof ScalarEvent scalar
                ? scalar(scalar)
                : collection((CollectionStartEvent) node, level + 1);
        node.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(value, weight - before)));
        return value;
    }

    private Value aliased(AliasEvent alias) {
        var anchor = alias.getAnchor().orElseThrow();
        var anchored = anchors.get(anchor);
        if (anchored == null) {
            throw invalid(mark(alias), "the alias *" + anchor + " has no anchor before it");
        }
        if (anchored.value() == null) {
            throw invalid(mark(alias), "the alias *" + anchor + " stands for a value that it is part of");
        }
        weight += anchored.weight();
        copied += anchored.weight();
        if (copied > LARGEST_COPIES) {
            throw new TegaException.LimitExceeded(place(mark(alias)) + "the aliases stand for more than "
                    + LARGEST_COPIES + " characters; write fewer or none");
        }
        return anchored.value();
    }

    private Value collection(CollectionStartEvent start, int level) {
        if (level > depth) {
            throw new TegaException.LimitExceeded(
                    place(mark(start)) + "the YAML is nested deeper than " + depth + " levels");
        }
        weight++;
        return start instanceof MappingStartEvent ? mapping(start, level) : sequence(start, level);
    }

    private Value sequence(CollectionStartEvent start, int level) {
        checkTag(start, "seq");
        var items = new ArrayList<Value>();
        for (var event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            items.add(value(event, level));
        }
        return Value.array(items);
    }

    private Value mapping(CollectionStartEvent start, int level) {
        checkTag(start, "map");
        var members = ObjectValue.builder();
        for (var event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            var name = name(event);
            var value = value(next(), level);
            try {
                members.add(name, value);
            } catch (TegaException.Invalid twice) {
                throw invalid(mark(event), twice.getMessage());
            }
        }
        return members.build();
    }

    /** A scalar's literal text, so that {@code 1: x} has the name {@code 1}. */
    private String name(Event event) {
        if (!(event instanceof ScalarEvent scalar)) {
            throw invalid(mark(event), "a name is a string, not an alias or a collection");
        }
        var name = scalar.getValue();
        if (scalar.isPlain() && name.isEmpty()) {
            throw invalid(mark(event), "a name is missing; an empty one is written \"\"");
        }
        if (scalar.isPlain() && name.equals("<<")) {
            throw invalid(mark(event), "YAML 1.2 has no merge key; write the members out, or \"<<\" for that name");
        }
        if (scalar.getAnchor().isPresent()) {
            throw invalid(mark(event), "a name has no anchor");
        }
        scalar.getTag().ifPresent(tag -> checkNameTag(event, tag));
        weight += name.length() + 1;
        return name;
    }

    private static void checkNameTag(Event event, String tag) {
        if (!tag.equals("!") && !tag.equals(CORE + "str")) {
            throw invalid(mark(event), "a name is a string and has no other tag");
        }
    }

    private Value scalar(ScalarEvent scalar) {
        var text = scalar.getValue();
        weight += text.length() + 1;
        var tag = scalar.getTag().orElse(scalar.isPlain() ? "" : "!");
        return switch (tag) {
            case "" -> plain(scalar, text);
            case "!", CORE + "str" -> Value.of(text);
            case CORE + "null", CORE + "bool", CORE + "int", CORE + "float" ->
                tagged(scalar, text, tag.substring(CORE.length()));
            default -> throw unknownTag(scalar, tag);
        };
    }

    /** The JSON schema (YAML 1.2.2, section 10.2), where what is none of it is a string, and nothing is null. */
    private static Value plain(ScalarEvent scalar, String text) {
        if (text.isEmpty() || text.equals("null")) {
            return Value.NULL;
        }
        if (text.equals("true") || text.equals("false")) {
            return Value.of(text.equals("true"));
        }
        if (NUMBER.matcher(text).matches()) {
            return NumberValue.parse(text);
        }
        if (NO_NUMBER.matcher(text).matches()) {
            throw invalid(mark(scalar), text + " is not a JSON number; as a string it is quoted");
        }
        return Value.of(text);
    }

    private static Value tagged(ScalarEvent scalar, String text, String tag) {
        var value = plain(scalar, text);
        var fits =
                switch (tag) {
                    case "null" -> value == Value.NULL;
                    case "bool" -> value.kind().equals("boolean");
                    case "int" -> value instanceof NumberValue && text.matches("-?[0-9]+");
                    default -> value instanceof NumberValue;
                };
        if (!fits) {
            throw invalid(mark(scalar), "'" + shortened(text) + "' is not a JSON " + tag + " as its tag says");
        }
        return value;
    }

    private static void checkTag(CollectionStartEvent start, String name) {
        start.getTag().ifPresent(tag -> {
            if (!tag.equals("!") && !tag.equals(CORE + name)) {
                throw unknownTag(start, tag);
            }
        });
    }

    private static TegaException unknownTag(Event event, String tag) {
        return invalid(mark(event), "the tag '" + shortened(tag) + "' says what JSON cannot; leave it out");
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private static @Nullable Mark mark(Event event) {
        return event.getStartMark().orElse(null);
    }

    private static TegaException.Invalid invalid(@Nullable Mark mark, String what) {
        return new TegaException.Invalid(place(mark) + what);
    }

    private static String place(@Nullable Mark mark) {
        return mark == null ? "" : "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + ": ";
    }
}
