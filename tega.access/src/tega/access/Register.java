package tega.access;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tega.api.TegaException;
import tega.api.spi.Grant;
import tega.api.spi.Token;

/**
 * Everything that was decided about who may come in and do what, at one moment. Immutable: a decision makes another one.
 *
 * @param tokens by id, in the order in which they were made; those that were revoked or have expired are kept for the record
 * @param grants in the order in which they were given
 * @param groups the names in each group
 * @param blocked serial numbers of client certificates that are refused
 */
record Register(
        Map<String, StoredToken> tokens, List<Grant> grants, Map<String, Set<String>> groups, Set<String> blocked) {
    static final Register EMPTY = new Register(Map.of(), List.of(), Map.of(), Set.of());

    /** So many tokens that are worth nothing any more are remembered. */
    private static final int REMEMBERED = 1000;

    Register {
        tokens = Collections.unmodifiableMap(new LinkedHashMap<>(tokens));
        grants = List.copyOf(grants);
        groups = Collections.unmodifiableMap(new TreeMap<>(groups));
        blocked = Collections.unmodifiableSet(new TreeSet<>(blocked));
    }

    Register with(StoredToken token, Instant now) {
        var more = new LinkedHashMap<>(tokens);
        more.put(token.token().id(), token);
        var worthless = more.values().stream()
                .map(StoredToken::token)
                .filter(known -> !known.isValid(now))
                .sorted(Comparator.comparing(Token::made))
                .toList();
        for (var forgotten : worthless.subList(0, Math.max(0, worthless.size() - REMEMBERED))) {
            more.remove(forgotten.id());
        }
        return new Register(more, grants, groups, blocked);
    }

    Register with(Grant grant) {
        if (grants.contains(grant)) {
            return this;
        }
        var more = new ArrayList<>(grants);
        more.add(grant);
        return new Register(tokens, more, groups, blocked);
    }

    Register without(Grant grant) {
        var fewer = new ArrayList<>(grants);
        if (!fewer.remove(grant)) {
            throw new TegaException.NotFound("there is no grant '" + grant + "'");
        }
        return new Register(tokens, fewer, groups, blocked);
    }

    Register joined(String group, String name) {
        var members = new TreeSet<>(groups.getOrDefault(group, Set.of()));
        return members.add(name) ? with(group, members) : this;
    }

    Register left(String group, String name) {
        var members = new TreeSet<>(groups.getOrDefault(group, Set.of()));
        if (!members.remove(name)) {
            throw new TegaException.NotFound("'" + name + "' is not in the group " + group);
        }
        return with(group, members);
    }

    private Register with(String group, Set<String> members) {
        var changed = new TreeMap<>(groups);
        if (members.isEmpty()) {
            changed.remove(group);
        } else {
            changed.put(group, Collections.unmodifiableSet(members));
        }
        return new Register(tokens, grants, changed, blocked);
    }

    Register blocking(String serial) {
        var more = new TreeSet<>(blocked);
        return more.add(serial) ? new Register(tokens, grants, groups, more) : this;
    }

    boolean hasValidToken(Instant now) {
        return tokens.values().stream().anyMatch(stored -> stored.token().isValid(now));
    }

    /** The grants that count for {@code name}: its own, those of its groups and, for a plain name, those of everybody. */
    List<Grant> grantsOf(String name) {
        var subjects = new TreeSet<String>();
        subjects.add(name);
        if (Name.isPlain(name)) {
            subjects.add(Name.EVERYBODY);
        }
        groups.forEach((group, members) -> {
            if (members.contains(name)) {
                subjects.add(group);
            }
        });
        return grants.stream().filter(grant -> subjects.contains(grant.name())).toList();
    }
}
