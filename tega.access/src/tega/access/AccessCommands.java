package tega.access;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Access;
import tega.api.spi.Access.Administration;
import tega.api.spi.Action;
import tega.api.spi.Grant;
import tega.api.spi.ShellCommand;

/** The commands of the shell about who may come in and do what. */
final class AccessCommands {
    private static final int NEWEST = 100;

    private final Access access;

    AccessCommands(Access access) {
        this.access = access;
    }

    List<ShellCommand> all() {
        return List.of(
                command("whoami", "", "show who you are to the server, and what you may do", this::whoami)
                        .open(),
                command(
                        "token",
                        "[create NAME [--days N] [--admin] | revoke ID]",
                        "list tokens, make one, or make one worthless",
                        this::token),
                command(
                        "grant",
                        "[NAME may [not] ACTIONS PATTERN]",
                        "list grants, or give one: grant alice may read,write config",
                        this::grant),
                command(
                        "ungrant",
                        "NAME may [not] ACTIONS PATTERN",
                        "take back a grant as it was given",
                        this::ungrant),
                command(
                        "group",
                        "[join|leave @GROUP NAME]",
                        "list groups, put a name in one, take it out",
                        this::group),
                command("block", "[SERIAL]", "list client certificates that are refused, or refuse one", this::block),
                command(
                        "explain",
                        "NAME ACTION [PATH]",
                        "show why somebody may or may not do something",
                        this::explain),
                command(
                        "audit",
                        "[acts|refusals] [--last N]",
                        "show administrative acts, or who was refused what",
                        this::audit));
    }

    private Row command(String name, String usage, String help, Function<Words, Value> action) {
        return new Row(ShellCommand.Syntax.of(name, usage, help), action);
    }

    private record Row(Syntax syntax, Function<Words, Value> action) implements ShellCommand {
        Row open() {
            return new Row(syntax.open(), action);
        }

        @Override
        public Value run(Call call) {
            return action.apply(new Words(call, syntax));
        }
    }

    private Administration as(Words words) {
        return access.as(words.call().by());
    }

    private Value whoami(Words words) {
        words.end(0);
        return AccessText.standing(as(words).standing());
    }

    private Value token(Words words) {
        var admin = as(words);
        if (words.size() == 0) {
            return AccessText.tokens(admin.tokens());
        }
        return switch (words.at(0)) {
            case "create" -> {
                words.end(words.option("--days").isEmpty() ? 2 : 3);
                var days = words.option("--days");
                var name = words.name(days);
                yield AccessText.issued(admin.issue(name, days.isEmpty() ? null : days(days)), words, admin);
            }
            case "revoke" -> {
                words.end(2);
                yield Value.of("the token " + admin.revoke(words.at(1)).id() + " is worthless now");
            }
            default -> throw words.wrong();
        };
    }

    private static @Nullable Duration days(String text) {
        return AccessText.days(text);
    }

    private Value grant(Words words) {
        var admin = as(words);
        if (words.size() == 0) {
            return AccessText.grants(admin.grants());
        }
        var grant = Grant.parse(words.line());
        admin.grant(grant);
        return Value.of(grant.toString());
    }

    private Value ungrant(Words words) {
        var grant = Grant.parse(words.line());
        as(words).withdraw(grant);
        return Value.of("no longer: " + grant);
    }

    private Value group(Words words) {
        var admin = as(words);
        if (words.size() == 0) {
            return AccessText.groups(admin.groups());
        }
        words.end(3);
        switch (words.at(0)) {
            case "join" -> admin.join(words.at(1), words.at(2));
            case "leave" -> admin.leave(words.at(1), words.at(2));
            default -> throw words.wrong();
        }
        return AccessText.groups(admin.groups());
    }

    private Value block(Words words) {
        var admin = as(words);
        if (words.size() > 0) {
            words.end(1);
            admin.block(words.at(0));
        }
        return AccessText.texts(admin.blocked());
    }

    private Value explain(Words words) {
        if (words.size() < 2 || words.size() > 3) {
            throw words.wrong();
        }
        var path = words.size() == 3 ? Path.parse(words.at(2)) : Path.EMPTY;
        return Value.of(as(words).explain(words.at(0), Action.of(words.at(1)), path));
    }

    private Value audit(Words words) {
        var last = words.option("--last");
        var limit = last.isEmpty() ? NEWEST : AccessText.number(last);
        var plain = new ArrayList<>(words.call().plain());
        if (!last.isEmpty()) {
            plain.remove(last);
        }
        if (plain.size() > 1) {
            throw words.wrong();
        }
        var admin = as(words);
        return switch (plain.isEmpty() ? "acts" : plain.get(0)) {
            case "acts" -> Value.of(String.join("\n", admin.acts(limit)));
            case "refusals" -> Value.of(String.join("\n", admin.refusals(limit)));
            default -> throw words.wrong();
        };
    }

    /** What was typed after the name of a command. */
    record Words(ShellCommand.Call call, ShellCommand.Syntax syntax) {
        int size() {
            return call.plain().size();
        }

        String at(int index) {
            if (index >= size()) {
                throw wrong();
            }
            return call.plain().get(index);
        }

        void end(int count) {
            if (size() != count) {
                throw wrong();
            }
        }

        /** All of them as a line. */
        String line() {
            return String.join(" ", call.words());
        }

        /** What follows an option; empty when it is not there. */
        String option(String option) {
            var at = call.words().indexOf(option);
            if (at >= 0 && at + 1 == call.words().size()) {
                throw wrong();
            }
            return at < 0 ? "" : call.words().get(at + 1);
        }

        /** The word after the first that does not belong to an option. */
        String name(String ofOption) {
            return call.plain().stream()
                    .skip(1)
                    .filter(word -> ofOption.isEmpty() || !word.equals(ofOption))
                    .findFirst()
                    .orElseThrow(this::wrong);
        }

        TegaException wrong() {
            return new TegaException.Invalid("it is: " + syntax.name() + " " + syntax.usage());
        }
    }
}
