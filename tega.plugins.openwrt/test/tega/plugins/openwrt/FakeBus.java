package tega.plugins.openwrt;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;

/** The way to a fake router without a network: it is reached at the address that its configuration gives it, and faults happen. */
final class FakeBus implements Ubus {
    /** What happens at a call. */
    enum Fault {
        /** Nothing. */
        NONE,
        /** The request never arrives. */
        LOST,
        /** The answer never arrives. */
        UNANSWERED,
        /** rpcd dies before the call. */
        CRASH,
        /** The power goes before the call. */
        POWER
    }

    /** Chooses the fault of a call. */
    interface Faults {
        Fault next(String call);
    }

    private final FakeRpcd rpcd;
    private final VirtualTime time;
    private Faults faults = call -> Fault.NONE;
    private String url = "";
    private String session = "";

    FakeBus(FakeRpcd rpcd, VirtualTime time) {
        this.rpcd = rpcd;
        this.time = time;
    }

    void happen(Faults chosen) {
        faults = chosen;
    }

    @Override
    public void login(String at) throws IOException {
        url = at;
        session = "";
        var answer =
                once("session", "login", Value.object("username", Value.of("tega"), "password", Value.of("secret")));
        session = answer.get("ubus_rpc_session") instanceof StringValue id ? id.text() : "";
    }

    @Override
    public ObjectValue call(String object, String method, ObjectValue args) throws IOException {
        try {
            return once(object, method, args);
        } catch (Refusal e) {
            if (e.status() != Refusal.DENIED) {
                throw e;
            }
            login(url);
            return once(object, method, args);
        }
    }

    private ObjectValue once(String object, String method, ObjectValue args) throws IOException {
        time.advance(Duration.ofMillis(20));
        var fault = faults.next(object + "." + method);
        switch (fault) {
            case CRASH -> rpcd.crash();
            case POWER -> rpcd.powerCycle();
            default -> {}
        }
        rpcd.tick();
        if (!url.equals("http://" + rpcd.address()) || fault == Fault.LOST) {
            time.advance(Duration.ofSeconds(1));
            throw new ConnectException("nothing answers at " + url);
        }
        if (args.toString().length() > 65_536) {
            throw new Refusal(Refusal.INVALID, "too long");
        }
        try {
            var answer = rpcd.call(session, object, method, args);
            if (fault == Fault.UNANSWERED) {
                time.advance(Duration.ofSeconds(5));
                throw new IOException("no answer");
            }
            return answer;
        } catch (FakeRpcd.Status e) {
            throw new Refusal(e.code, object + " " + method + " is refused: status " + e.code);
        }
    }
}
