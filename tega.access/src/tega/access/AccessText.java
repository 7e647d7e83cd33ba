package tega.access;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tega.api.ObjectValue;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Access.Administration;
import tega.api.spi.Access.Standing;
import tega.api.spi.Action;
import tega.api.spi.Grant;
import tega.api.spi.Token;

/** What is known of access as values, the same for the shell and for REST. */
final class AccessText {
    private AccessText() {}

    static ObjectValue standing(Standing standing) {
        return ObjectValue.builder()
                .put("name", Value.of(standing.identity().author()))
                .put("tega_id", Value.of(standing.identity().tegaId()))
                .put("everything", Value.of(standing.everything()))
                .put("grants", texts(standing.grants()))
                .build();
    }

    static Value tokens(Collection<Token> tokens) {
        return Value.array(tokens.stream().map(AccessText::token).toList());
    }

    static ObjectValue token(Token token) {
        var json = ObjectValue.builder()
                .put("id", Value.of(token.id()))
                .put("name", Value.of(token.name()))
                .put("made", Value.of(token.made().toString()))
                .put("by", Value.of(token.by()));
        var expires = token.expires();
        if (expires != null) {
            json.put("expires", Value.of(expires.toString()));
        }
        var revoked = token.revoked();
        if (revoked != null) {
            json.put("revoked", Value.of(revoked.toString()));
        }
        return json.build();
    }

    /** With its text, which is told this once; with {@code --admin} it may do everything from now on. */
    static Value issued(Administration.Issued issued, AccessCommands.Words words, Administration admin) {
        if (words.call().has("--admin")) {
            admin.grant(everything(issued.token().name()));
        }
        return token(issued.token()).with("token", Value.of(issued.text()));
    }

    static Grant everything(String name) {
        return new Grant(name, false, EnumSet.allOf(Action.class), PathPattern.parse("**"));
    }

    static Value grants(Collection<Grant> grants) {
        return Value.array(grants.stream().map(AccessText::grant).toList());
    }

    static ObjectValue grant(Grant grant) {
        return ObjectValue.builder()
                .put("grant", Value.of(grant.toString()))
                .put("name", Value.of(grant.name()))
                .put("deny", Value.of(grant.deny()))
                .put(
                        "actions",
                        texts(new TreeSet<>(grant.actions())
                                .stream().map(Action::grant).toList()))
                .put("pattern", Value.of(grant.pattern().toString()))
                .build();
    }

    static Value groups(Map<String, Set<String>> groups) {
        var json = ObjectValue.builder();
        groups.forEach((group, names) -> json.put(group, texts(names)));
        return json.build();
    }

    static Value texts(Collection<?> all) {
        return Value.array(all.stream().map(each -> Value.of(each.toString())).toList());
    }

    static Duration days(String text) {
        var days = number(text);
        if (days > 36_500) {
            throw new TegaException.Invalid("a token is valid for 36500 days at the most, or without --days for ever");
        }
        return Duration.ofDays(days);
    }

    static int number(String text) {
        try {
            var number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new TegaException.Invalid("'" + text + "' is not a positive number");
    }

    static List<String> lines(Value list) {
        return list.toString().lines().toList();
    }
}
