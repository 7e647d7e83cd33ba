package tega.plugins.nlan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tega.api.TegaException;

/**
 * A text with places for addresses, and no code: {@code ${pe1}} is the address of a router, {@code ${remote_ips(pe1, pe2)}} and
 * {@code ${peers(pe1, pe2)}} the list of theirs, {@code ${next(10.1.1.1, 4)}} the address four further on, {@code ${host(172.21.0.0/16, 5)}}
 * the fifth of a network. Lines that begin with {@code #} pass as they are.
 */
final class Template {
    private static final Pattern PLACE = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern CALL = Pattern.compile("([a-z_]+)\\((.*)\\)");

    private final Map<String, String> addresses;

    /** @param addresses by router, without length */
    Template(Map<String, String> addresses) {
        this.addresses = addresses;
    }

    /** The text with every place filled; {@code INVALID} with the line of one that cannot be. */
    String fill(String text) {
        var filled = new ArrayList<String>();
        var number = 0;
        for (var line : text.lines().toList()) {
            number++;
            var at = number;
            filled.add(
                    line.strip().startsWith("#")
                            ? line
                            : PLACE.matcher(line)
                                    .replaceAll(match -> Matcher.quoteReplacement(
                                            place(match.group(1).strip(), at))));
        }
        return String.join("\n", filled) + "\n";
    }

    private String place(String expression, int line) {
        var call = CALL.matcher(expression);
        if (!call.matches()) {
            return address(expression, line);
        }
        var words = call.group(2).isBlank()
                ? List.<String>of()
                : List.of(call.group(2).split(",")).stream().map(String::strip).toList();
        return switch (call.group(1)) {
            case "peers", "remote_ips" ->
                words.stream().map(word -> address(word, line)).toList().toString();
            case "next" -> two(expression, words, line, first -> Ip.parse(first + "/32"));
            case "host" -> two(expression, words, line, first -> Ip.parse(first).network());
            default ->
                throw wrong(
                        line, "there is no function '" + call.group(1) + "'; there are peers, remote_ips, next, host");
        };
    }

    private static String two(String expression, List<String> words, int line, Function<String, Ip> first) {
        try {
            return first.apply(words.get(0)).plus(Long.parseLong(words.get(1))).address();
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw wrong(line, "'" + expression + "' must have an address and a number");
        }
    }

    private String address(String router, int line) {
        var address = addresses.get(router);
        if (address == null) {
            throw wrong(line, "there is no address of '" + router + "': plugins.ipam gives addresses to routers");
        }
        return address;
    }

    private static TegaException.Invalid wrong(int line, String sentence) {
        return new TegaException.Invalid("line " + line + " of the template: " + sentence);
    }
}
