package tega.deploy;

import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.spi.Action;
import tega.api.spi.Authorizer;

/**
 * Bundles by calls, so that they reach a server that can only be reached through its link: {@code stage} takes a piece, {@code
 * install} begins the trial, {@code why} and the tree tell how it ends. Arguments by name.
 */
final class DeployCalls {
    /** All there are. */
    static final String LIST = "tega.deploy.list";

    static final String WHY = "tega.deploy.why";
    static final String STAGE = "tega.deploy.stage";
    static final String INSTALL = "tega.deploy.install";
    static final String ROLLBACK = "tega.deploy.rollback";
    static final String REMOVE = "tega.deploy.remove";
    static final String ENABLE = "tega.deploy.enable";
    static final String DISABLE = "tega.deploy.disable";

    private final Desk desk;
    private final Authorizer authorizer;

    DeployCalls(Desk desk, Authorizer authorizer) {
        this.desk = desk;
        this.authorizer = authorizer;
    }

    Value call(RpcCall call) {
        authorizer.require(call.by(), Action.ADMIN, Path.EMPTY);
        var named = call.kwargs();
        switch (call.path().toString()) {
            case LIST -> {
                return desk.table();
            }
            case WHY -> {
                return desk.one(text(named, "bundle")).with("why", Value.of(desk.why(text(named, "bundle"))));
            }
            case STAGE -> {
                return named.has("data")
                        ? desk.piece(text(named, "sha256"), number(named, "offset"), bytes(text(named, "data")))
                        : desk.held(text(named, "sha256"));
            }
            case INSTALL -> {
                var terms = new Desk.Terms(
                        null, maybe(named, "signature"), Value.of(true).equals(named.get("force")));
                return desk.begin(text(named, "sha256"), terms, call.by());
            }
            case ROLLBACK -> {
                return desk.rollback(text(named, "bundle"), call.by());
            }
            case REMOVE -> desk.remove(text(named, "bundle"));
            case ENABLE -> desk.enable(text(named, "bundle"));
            case DISABLE -> desk.disable(text(named, "bundle"));
            default -> throw new TegaException.NotFound("there is no call " + call.path());
        }
        return Value.NULL;
    }

    private static String text(ObjectValue named, String name) {
        var text = maybe(named, name);
        if (text == null) {
            throw new TegaException.Invalid("the argument '" + name + "', a text, is missing");
        }
        return text;
    }

    private static @Nullable String maybe(ObjectValue named, String name) {
        return named.get(name) instanceof StringValue text ? text.text() : null;
    }

    private static long number(ObjectValue named, String name) {
        return named.get(name) instanceof NumberValue number ? number.longValue() : 0;
    }

    private static byte[] bytes(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new TegaException.Invalid("the argument 'data' is not in base64");
        }
    }
}
