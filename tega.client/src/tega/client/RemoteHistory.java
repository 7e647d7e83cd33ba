package tega.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import tega.api.Blame;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.History;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;

/** The past of another server's database. Commits that were read with a blame have no edits. */
final class RemoteHistory implements History {
    private static final int MOST = 1000;

    private final Rest rest;

    RemoteHistory(Rest rest) {
        this.rest = rest;
    }

    @Override
    public long oldest() {
        try {
            var unused =
                    rest.ask("GET", "/").with("revision", 0).with("depth", 1).tell();
            return 0;
        } catch (TegaException.Compacted e) {
            return e.oldest();
        }
    }

    /** Fetched whole, and with a request for each root beside: fine for tools, not for large databases. */
    @Override
    public Snapshot at(long revision) {
        var tree = Tree.EMPTY;
        var versions = ObjectValue.builder();
        for (var root : rest.ask("GET", "/").with("revision", revision).object()) {
            var path = Path.of(root.name());
            tree = tree.put(path, root.value(), revision);
            version(path, revision).ifPresent(version -> versions.put(root.name(), Value.of(version)));
        }
        return new Snapshot(revision, tree, versions.build());
    }

    /** The version that the root had when the node last changed, at {@code revision} or before. */
    private OptionalLong version(Path path, long revision) {
        for (var commit : log(path, revision, 1)) {
            var version = commit.versions().get(path.root());
            if (version != null) {
                return OptionalLong.of(version);
            }
        }
        return OptionalLong.empty();
    }

    @Override
    public Snapshot at(String root, long version) {
        var path = Path.of(root);
        var wanted = version;
        var from = Long.MAX_VALUE;
        while (true) {
            var page = log(path, from, MOST);
            for (var commit : page) {
                var then = commit.versions().get(root);
                if (then != null) {
                    wanted = wanted < 0 ? then + wanted : wanted;
                    if (then <= wanted) {
                        return at(commit.revision());
                    }
                }
            }
            if (page.size() < MOST) {
                // The server says which it is: no such root, no such version, or no longer kept.
                var unused =
                        rest.ask("GET", Rest.url(path)).with("version", version).tell();
                throw new TegaException.NotFound(path, "there is no version " + version + " of '" + path + "'");
            }
            from = page.get(page.size() - 1).revision() - 1;
        }
    }

    @Override
    public long version(Snapshot snapshot, Path path) {
        return version(path, snapshot.revision())
                .orElseThrow(() -> new TegaException.NotFound(path, "there is no '" + path + "'"));
    }

    @Override
    public List<Long> versions(String root) {
        for (var item : rest.ask("GET", "/_old").array()) {
            var versions = Answers.object(item).get(root);
            if (versions != null) {
                var numbers = new ArrayList<Long>();
                Answers.array(versions).forEach(version -> numbers.add(Answers.number(version)));
                return numbers;
            }
        }
        if (rest.ask("GET", "/_roots").object().has(root)) {
            return List.of();
        }
        throw new TegaException.NotFound(Path.of(root), "there is no root '" + Path.of(root) + "'");
    }

    @Override
    public List<Commit> log(Path path, long from, int limit) {
        var commits = new ArrayList<Commit>();
        var next = from;
        while (commits.size() < limit) {
            var wanted = Math.min(MOST, limit - commits.size());
            var page = rest.ask("GET", "/_log")
                    .with("path", path)
                    .with("from", next)
                    .with("limit", wanted)
                    .array();
            page.forEach(item -> commits.add(Answers.commit(item)));
            if (page.size() < wanted) {
                break;
            }
            next = commits.get(commits.size() - 1).revision() - 1;
        }
        return commits;
    }

    @Override
    public Commit commit(long revision) {
        var commits = log(Path.EMPTY, revision, 1);
        if (commits.isEmpty() || commits.get(0).revision() != revision) {
            throw new TegaException.NotFound("there is no revision " + revision + ", or it touched no node");
        }
        return commits.get(0);
    }

    @Override
    public List<Edit> diff(long from, long to, Path path) {
        return Answers.edits(rest.ask("GET", "/_diff")
                .with("path", path)
                .with("from", from)
                .with("to", to)
                .array());
    }

    @Override
    public List<Blame> blame(Path path) {
        var leaves = new ArrayList<Blame>();
        for (var item : rest.ask("GET", "/_blame").with("path", path).array()) {
            var leaf = Answers.object(item);
            var where = leaf.get("path");
            var value = leaf.get("value");
            var commit = leaf.get("commit");
            if (where == null || value == null) {
                throw Answers.unexpected("a leaf", null);
            }
            leaves.add(new Blame(
                    Path.from(where),
                    value,
                    Answers.number(leaf.get("revision")),
                    commit instanceof ObjectValue known ? Answers.commit(known) : null));
        }
        return leaves;
    }

    @Override
    public Commit rollback(String root, long version) {
        return commit(rest.ask("POST", "/_rollback")
                .with("root_oid", root)
                .with("backto", version)
                .tell()
                .revision());
    }

    @Override
    public Commit revert(long revision) {
        return commit(Answers.number(
                rest.ask("POST", "/_revert").with("revision", revision).object().get("revision")));
    }

    @Override
    public Commit tag(String name, long revision) {
        return Answers.commit(rest.ask("POST", "/_tag")
                .with("name", name)
                .with("revision", revision)
                .value());
    }

    @Override
    public Map<String, Long> tags() {
        Value tags = rest.ask("GET", "/_tag").value();
        return Answers.numbers(tags);
    }
}
