package tega.transport.http;

import java.util.ArrayList;
import java.util.List;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.Value;

/** v1's read by regular expressions: one for each name, matched from the start of the name. */
final class RegexRead {
    private RegexRead() {}

    static Answer answer(Exchange exchange) {
        var snapshot = exchange.tega().snapshot();
        var found = ObjectValue.builder();
        for (var match : PathPattern.regex(expressions(exchange.target())).find(snapshot.tree())) {
            found.put(
                    match.path().toString(), Value.object("groups", groups(match.groups()), "instance", match.value()));
        }
        return exchange.show(found.build()).at(snapshot.revision());
    }

    /** Slashes and escaped dots separate. */
    private static List<String> expressions(String target) {
        var expressions = new ArrayList<String>();
        for (var name : Path.fromUrl(target).names()) {
            expressions.addAll(List.of(name.split("\\\\\\.", -1)));
        }
        if (expressions.isEmpty()) {
            throw new TegaException.Invalid("there is no regular expression in '" + target + "'");
        }
        return expressions;
    }

    private static Value groups(List<List<String>> caught) {
        return Value.array(caught.stream()
                .map(groups -> Value.array(groups.stream().map(Value::of).toList()))
                .toList());
    }
}
