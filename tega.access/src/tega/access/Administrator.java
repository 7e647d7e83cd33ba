package tega.access;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tega.api.Extent;
import tega.api.Identity;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.spi.Access.Administration;
import tega.api.spi.Access.Standing;
import tega.api.spi.Action;
import tega.api.spi.Authorizer;
import tega.api.spi.Grant;
import tega.api.spi.Token;

/** The acts of one who tends the register; each is checked, kept, then written down. */
final class Administrator implements Administration {
    private static final Pattern SERIAL = Pattern.compile("[0-9a-f]{1,40}");

    private final Identity by;
    private final RegisterKeeper keeper;
    private final AuditLog acts;
    private final AuditLog refusals;
    private final InstantSource clock;
    private final RandomGenerator random;

    Administrator(
            Identity by,
            RegisterKeeper keeper,
            AuditLog acts,
            AuditLog refusals,
            InstantSource clock,
            RandomGenerator random) {
        this.by = by;
        this.keeper = keeper;
        this.acts = acts;
        this.refusals = refusals;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Standing standing() {
        var permissions = keeper.policy().permissions(by.author());
        return new Standing(by, permissions.isEverything(), permissions.grants());
    }

    @Override
    public List<Token> tokens() {
        return permitted().tokens().values().stream().map(StoredToken::token).toList();
    }

    @Override
    public Issued issue(String name, @Nullable Duration lifetime) {
        permitted();
        Name.plain(name);
        if (lifetime != null && (lifetime.isNegative() || lifetime.isZero())) {
            throw new TegaException.Invalid(
                    "a token cannot be valid for " + lifetime + "; give a time longer than that");
        }
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var text = TokenText.make(random);
        var token = new Token(text.id(), name, now, by.author(), lifetime == null ? null : now.plus(lifetime), null);
        keeper.change(register -> register.with(new StoredToken(token, text.hash()), now));
        act("issue", "token", token.id(), "name", name, "expires", String.valueOf(token.expires()));
        return new Issued(token, text.text());
    }

    @Override
    public Token revoke(String id) {
        permitted();
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var register = keeper.change(before -> {
            var stored = before.tokens().get(id);
            if (stored == null) {
                throw new TegaException.NotFound("there is no token " + id);
            }
            var token = stored.token();
            return token.revoked() != null
                    ? before
                    : before.with(
                            new StoredToken(
                                    new Token(token.id(), token.name(), token.made(), token.by(), token.expires(), now),
                                    stored.hash()),
                            now);
        });
        var token = Objects.requireNonNull(register.tokens().get(id)).token();
        act("revoke", "token", id, "name", token.name());
        return token;
    }

    @Override
    public List<Grant> grants() {
        return permitted().grants();
    }

    @Override
    public void grant(Grant grant) {
        permitted();
        Name.any(grant.name());
        if (grant.actions().isEmpty()) {
            throw new TegaException.Invalid("a grant is for one action at least: read, write, call, publish or admin");
        }
        Matcher.of(grant.pattern());
        keeper.change(register -> register.with(grant));
        act("grant", "grant", grant.toString());
    }

    @Override
    public void withdraw(Grant grant) {
        permitted();
        keeper.change(register -> register.without(grant));
        act("withdraw", "grant", grant.toString());
    }

    @Override
    public Map<String, Set<String>> groups() {
        return permitted().groups();
    }

    @Override
    public void join(String group, String name) {
        permitted();
        Name.group(group);
        Name.single(name);
        keeper.change(register -> register.joined(group, name));
        act("join", "group", group, "name", name);
    }

    @Override
    public void leave(String group, String name) {
        permitted();
        keeper.change(register -> register.left(group, name));
        act("leave", "group", group, "name", name);
    }

    @Override
    public void block(String serial) {
        permitted();
        var plain = serial.toLowerCase(Locale.ROOT).replace(":", "").replaceFirst("^0+(?=.)", "");
        if (!SERIAL.matcher(plain).matches()) {
            throw new TegaException.Invalid(
                    "'" + serial + "' is no serial number: hexadecimal, as './tega cert show' prints it");
        }
        keeper.change(register -> register.blocking(plain));
        act("block", "certificate", plain);
    }

    @Override
    public Set<String> blocked() {
        return permitted().blocked();
    }

    @Override
    public String explain(String name, Action action, Path path) {
        permitted();
        var permissions = keeper.policy().permissions(name);
        var extent = permissions.extent(action, path);
        var where = path.isEmpty() ? "the whole database" : "'" + path + "' and everything below it";
        var what = name
                + switch (extent) {
                    case ALL -> " may " + action.grant() + " ";
                    case SOME -> " may " + action.grant() + " only a part of ";
                    case NONE -> " may not " + action.grant() + " any of ";
                }
                + where;
        if (permissions.isEverything()) {
            return what + ": may do everything" + (Name.isMaster(name) ? "" : " until it is given a grant of its own");
        }
        var deciding = permissions.deciding(action, path);
        return deciding.isEmpty()
                ? what + ": there is no grant for it"
                : what + ": " + deciding.stream().map(Grant::toString).collect(Collectors.joining("; "));
    }

    @Override
    public List<String> acts(int limit) {
        permitted();
        return acts.newest(limit);
    }

    @Override
    public List<String> refusals(int limit) {
        permitted();
        return refusals.newest(limit);
    }

    /** The register, for one who may tend it. */
    private Register permitted() {
        if (keeper.policy().extent(by.author(), Action.ADMIN, Path.EMPTY) != Extent.ALL) {
            refusals.write("forbidden", "by", by.author(), "tega_id", by.tegaId(), "action", "admin", "path", "");
            throw Authorizer.refusal(by, Action.ADMIN, Path.EMPTY);
        }
        return keeper.policy().register();
    }

    private void act(String event, String... pairs) {
        var all = new String[pairs.length + 4];
        all[0] = "by";
        all[1] = by.author();
        all[2] = "tega_id";
        all[3] = by.tegaId();
        System.arraycopy(pairs, 0, all, 4, pairs.length);
        acts.write(event, all);
    }
}
